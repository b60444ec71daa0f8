package dev.mlinfra.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The training programs' own tests. */
class TrainingImageIT {
  @TempDir Path folder;

  @Test
  void theirTestsPass() throws IOException, InterruptedException {
    Path python = Synthesis.ROOT.resolve(".mlinfra/tools/python-training/bin/python");
    assertThat(python).as("missing: run tools/install training").isExecutable();
    Path log = folder.resolve("pytest.log");
    Process pytest =
        new ProcessBuilder(
                List.of(
                    python.toString(),
                    "-B",
                    "-m",
                    "pytest",
                    "-q",
                    "-p",
                    "no:cacheprovider",
                    "--basetemp=" + folder.resolve("pytest")))
            .directory(Synthesis.ROOT.resolve("images/training").toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      assertThat(pytest.waitFor(10, TimeUnit.MINUTES)).as(Files.readString(log)).isTrue();
    } finally {
      pytest.descendants().forEach(ProcessHandle::destroyForcibly);
      pytest.destroyForcibly();
    }

    String output = Files.readString(log);
    assertThat(pytest.exitValue()).as(output).isZero();
    assertThat(output).containsPattern("\\d+ passed").doesNotContain("skipped");
    System.out.println("images/training: " + output.strip().lines().reduce((a, b) -> b).orElse(""));
  }
}
