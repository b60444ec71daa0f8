package dev.mlinfra.policy.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The table of accelerated families against the API of EC2. */
class AcceleratedTypesIT {
  private static final Path PYTHON =
      Path.of(System.getProperty("mlinfra.root"), ".mlinfra/tools/python-checks/bin/python");

  @Test
  void theTableHasTheFamiliesOfTheApi() throws IOException, InterruptedException {
    assertThat(PYTHON).as("missing: run tools/install checks").isExecutable();
    Process process =
        new ProcessBuilder(PYTHON.toString(), "src/test/python/accelerated_families.py")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String families =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();

    assertThat(process.waitFor()).isZero();
    assertThat(AcceleratedTypes.families()).containsExactlyInAnyOrder(families.split("\n", -1));
  }
}
