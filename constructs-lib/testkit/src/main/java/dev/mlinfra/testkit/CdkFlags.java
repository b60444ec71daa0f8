package dev.mlinfra.testkit;

import dev.mlinfra.core.Position;
import dev.mlinfra.core.Problem;
import dev.mlinfra.core.ValidationException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The flags of a {@code cdk.json}. The CDK CLI hands them to the app, a test does not: without them
 * an {@code App} in a test gives other templates than those that are deployed.
 */
public final class CdkFlags {
  private CdkFlags() {}

  /**
   * The {@code context} of a cdk.json, for {@code AppProps.context}. The map is the caller's own:
   * more can be put into it.
   *
   * @throws ValidationException when the file is not there or is no cdk.json
   */
  public static Map<String, Object> from(Path cdkJson) {
    if (!Files.isRegularFile(cdkJson)) {
      throw wrong(cdkJson, "no such file");
    }
    try {
      JsonNode context = JsonMapper.shared().readTree(cdkJson).path("context");
      return context.isMissingNode()
          ? new LinkedHashMap<>()
          : JsonMapper.shared()
              .convertValue(context, new TypeReference<LinkedHashMap<String, Object>>() {});
    } catch (JacksonException e) {
      throw wrong(cdkJson, "cannot be read: " + e.getOriginalMessage());
    }
  }

  private static ValidationException wrong(Path file, String given) {
    return new ValidationException(
        file.toString(),
        List.of(
            Problem.in(
                new Position(file.toString(), 1, 1),
                "context",
                given,
                "the cdk.json of the app",
                "check the path")));
  }
}
