package dev.mlinfra.template;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.mlinfra.core.ValidationException;
import dev.mlinfra.template.internal.FileReader;

/**
 * Whatever a file holds, reading it gives a model or a {@link ValidationException}, and every value
 * of the model can be evaluated and written. Runs the seeds in each build; with {@code
 * JAZZER_FUZZ=1} it searches.
 */
class ModelFuzzTest {
  @FuzzTest(maxDuration = "5m")
  void neverThrowsAnythingElse(byte[] bytes) {
    Model model;
    try {
      model = FileReader.parse("fuzz", bytes);
    } catch (ValidationException expected) {
      if (expected.problems().isEmpty()) {
        throw new AssertionError("a refusal without a reason", expected);
      }
      return;
    }
    ModelUse.everything(model);
  }
}
