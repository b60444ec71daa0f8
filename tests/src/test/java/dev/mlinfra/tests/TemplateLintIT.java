package dev.mlinfra.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Templates against the vendor's resource schemas, which come with cfn-lint. */
class TemplateLintIT {
  private static final Path CHECKS = Synthesis.ROOT.resolve(".mlinfra/tools/python-checks/bin");

  @Test
  void cfnLintFindsNothing() throws Exception {
    findsNothing(Synthesis.assembly());
  }

  @ParameterizedTest
  @ValueSource(strings = {"public-ip", "nat", "endpoints"})
  void norWithTrainingWhicheverTheWayOut(String egress) throws Exception {
    findsNothing(TrainingEnvironments.assembly(egress));
  }

  private static void findsNothing(Path assembly) throws Exception {
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
