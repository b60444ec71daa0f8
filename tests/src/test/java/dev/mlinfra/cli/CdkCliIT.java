package dev.mlinfra.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What users of the plain CDK CLI see. */
class CdkCliIT {
  @TempDir Path folder;

  @Test
  void listsTheStacksOfOneEnvironment() throws IOException {
    assertThat(cdk("list", "-c", "env=prod")).isZero();
    assertThat(output())
        .contains("prod/Data", "prod/Training", "prod/Prediction")
        .doesNotContain("dev/Data");
  }

  @Test
  void aWrongEnvironmentIsToldWithoutAStackTrace() throws IOException {
    assertThat(cdk("synth", "-c", "env=prd", "--quiet")).isNotZero();
    assertThat(output())
        .contains("no environment 'prd'; allowed: dev, prod, staging; fix: did you mean 'prod'?")
        .doesNotContain("\tat ");
  }

  private int cdk(String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Workspace.current().cdk().toString(),
                "--output",
                folder.resolve("out").toString()));
    command.addAll(List.of(arguments));
    return new Program("cdk", command, Workspace.current().root(), folder.resolve("log"))
        .run(Map.of("CDK_VALIDATION", "false"), Duration.ofMinutes(3));
  }

  private String output() throws IOException {
    return Files.readString(folder.resolve("log"));
  }
}
