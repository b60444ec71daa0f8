package dev.mlinfra.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.core.CostTags;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Templates against the vendor's resource schemas, which come with cfn-lint. */
class TemplateLintIT {
  private static final Path CHECKS = Synthesis.ROOT.resolve(".mlinfra/tools/python-checks/bin");

  @Test
  void cfnLintFindsNothing() throws Exception {
    Path assembly = Synthesis.synthesise(app -> {});
    List<String> command = new ArrayList<>(List.of(tool("cfn-lint"), "--format", "parseable"));
    try (Stream<Path> files = Files.walk(assembly)) {
      files
          .filter(file -> file.toString().endsWith(".template.json"))
          .map(Path::toString)
          .forEach(command::add);
    }
    assertThat(command).hasSizeGreaterThan(3 + 8);

    Answer answer = run(command);

    assertThat(answer.output()).isEmpty();
    assertThat(answer.exitCode()).isZero();
  }

  @Test
  void everyTaggableResourceCarriesTheSixTags() throws Exception {
    Map<String, JsonNode> templates = Synthesis.templates();
    TreeSet<String> types = new TreeSet<>();
    templates
        .values()
        .forEach(
            template ->
                template
                    .path("Resources")
                    .forEach(resource -> types.add(resource.path("Type").asString())));
    List<String> command =
        new ArrayList<>(
            List.of(
                tool("python"),
                Synthesis.ROOT.resolve("tests/src/test/python/taggable_types.py").toString(),
                "us-east-1"));
    command.addAll(types);
    Answer answer = run(command);
    assertThat(answer.exitCode()).as(answer.output()).isZero();
    JsonNode tagProperties = JsonMapper.shared().readTree(answer.output());

    Map<String, List<String>> missing = new TreeMap<>();
    int taggable = 0;
    for (Map.Entry<String, JsonNode> template : templates.entrySet()) {
      for (Map.Entry<String, JsonNode> resource :
          template.getValue().path("Resources").properties()) {
        JsonNode property = tagProperties.path(resource.getValue().path("Type").asString());
        assertThat(property.isMissingNode()).isFalse();
        if (property.isNull()) {
          continue;
        }
        taggable++;
        List<String> keys = new ArrayList<>(CostTags.KEYS);
        resource
            .getValue()
            .path("Properties")
            .path(property.asString())
            .forEach(tag -> keys.remove(tag.path("Key").asString()));
        if (!keys.isEmpty()) {
          missing.put(template.getKey() + " " + resource.getKey(), keys);
        }
      }
    }

    System.out.printf("%d taggable resources carry all of %s%n", taggable, CostTags.KEYS);
    assertThat(missing).isEmpty();
    assertThat(taggable).isGreaterThanOrEqualTo(3 * 6);
  }

  private static String tool(String name) {
    Path tool = CHECKS.resolve(name);
    assertThat(tool).as("missing: run tools/install checks").isExecutable();
    return tool.toString();
  }

  private record Answer(int exitCode, String output) {}

  private static Answer run(List<String> command) throws IOException, InterruptedException {
    Path output =
        Files.createTempFile(Path.of(System.getProperty("java.io.tmpdir")), "lint", ".out");
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(Synthesis.ROOT.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
      return new Answer(process.exitValue(), Files.readString(output));
    } finally {
      Files.delete(output);
    }
  }
}
