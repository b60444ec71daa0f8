package dev.mlinfra.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The own tests of the images' programs in Python. */
class PythonImagesIT {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "training, training, tests",
    "networks, training, tests_networks",
    "worker, runpod-worker, tests",
    "inference, inference, tests"
  })
  void theirTestsPass(String tools, String image, String tests) throws Exception {
    Path python = Synthesis.ROOT.resolve(".mlinfra/tools/python-" + tools).resolve("bin/python");
    assertThat(python).as("missing: run tools/install %s", tools).isExecutable();

    Result result =
        Result.of(
            new ProcessBuilder(
                    python.toString(),
                    "-B",
                    "-m",
                    "pytest",
                    "-q",
                    "-p",
                    "no:cacheprovider",
                    "--basetemp=" + folder.resolve("pytest"),
                    tests)
                .directory(Synthesis.ROOT.resolve("images").resolve(image).toFile()),
            folder.resolve("pytest.log"));

    assertThat(result.exitCode()).as(result.output()).isZero();
    assertThat(result.output()).containsPattern("\\d+ passed").doesNotContain("skipped");
    System.out.println(
        "images/%s/%s: %s"
            .formatted(
                image, tests, result.output().strip().lines().reduce((a, b) -> b).orElse("")));
  }
}
