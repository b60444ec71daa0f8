package dev.mlinfra.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Files under review that say what is synthesised. */
final class Snapshots {
  private static final Path FOLDER = Synthesis.ROOT.resolve("tests/src/test/resources/snapshots");
  private static final boolean UPDATE = "update".equals(System.getProperty("snapshots"));
  private static final Pattern ASSET = Pattern.compile("\\b[0-9a-f]{64}\\b");

  /** A version's logical id ends in a hash of the function's code and settings. */
  private static final Pattern VERSION = Pattern.compile("(CurrentVersion[0-9A-F]{8})[0-9a-f]{32}");

  private Snapshots() {}

  /** Compares with the reviewed file, or writes it with {@code -Dsnapshots=update}. */
  static void matches(String name, String content) {
    Path file = FOLDER.resolve(name);
    try {
      if (UPDATE) {
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
      }
      assertThat(file).as("run mvn test -Dsnapshots=update, then review the new file").exists();
      assertThat(content)
          .as("%s; if the change is meant: mvn test -Dsnapshots=update, then review it", name)
          .isEqualTo(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A template without what changes from build to build: hashes, metadata, the bootstrap check. */
  static String normalise(JsonNode template) {
    ObjectNode copy = (ObjectNode) template.deepCopy();
    copy.remove("Rules");
    copy.remove("Parameters");
    copy.path("Resources").forEach(resource -> ((ObjectNode) resource).remove("Metadata"));
    String text =
        JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(sorted(copy))
            + "\n";
    text = ASSET.matcher(text).replaceAll("<asset>");
    return VERSION.matcher(text).replaceAll("$1<version>").replace("\r\n", "\n");
  }

  private static JsonNode sorted(JsonNode node) {
    if (node.isObject()) {
      ObjectNode result = JsonMapper.shared().createObjectNode();
      TreeMap<String, JsonNode> entries = new TreeMap<>();
      node.properties().forEach(entry -> entries.put(entry.getKey(), sorted(entry.getValue())));
      entries.forEach(result::set);
      return result;
    }
    if (node.isArray()) {
      var result = JsonMapper.shared().createArrayNode();
      node.forEach(item -> result.add(sorted(item)));
      return result;
    }
    return node;
  }
}
