package dev.mlinfra.review;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The table of properties that replace a resource, against the vendor's schemas. */
class ReplacedByIT {
  private static final Path PYTHON =
      Path.of(System.getProperty("mlinfra.root"), ".mlinfra/tools/python-checks/bin/python");
  private static final Path TABLE =
      Path.of("src/main/resources/dev/mlinfra/review/replaced-by.csv");

  @Test
  void theTableIsWhatTheSchemasSay() throws IOException, InterruptedException {
    assertThat(PYTHON).as("missing: run tools/install checks").isExecutable();
    Process process =
        new ProcessBuilder(PYTHON.toString(), "src/test/python/replaced_by.py")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String table = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).isZero();
    assertThat(table)
        .as("write it anew: %s src/test/python/replaced_by.py > %s", PYTHON, TABLE)
        .isEqualTo(Files.readString(TABLE));
  }
}
