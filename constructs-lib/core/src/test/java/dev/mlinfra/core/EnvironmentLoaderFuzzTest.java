package dev.mlinfra.core;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever a file holds, loading it gives an environment or a {@link ValidationException}. Runs the
 * seeds in each build; with {@code JAZZER_FUZZ=1} it searches.
 */
class EnvironmentLoaderFuzzTest {
  @TempDir static Path folder;

  @FuzzTest(maxDuration = "5m")
  void neverThrowsAnythingElse(byte[] bytes) throws IOException {
    Path file = Files.write(folder.resolve("dev.yaml"), bytes);
    try {
      new EnvironmentLoader(Map.of()).load(file);
    } catch (ValidationException expected) {
      if (expected.problems().isEmpty()) {
        throw new AssertionError("a refusal without a reason", expected);
      }
    }
  }
}
