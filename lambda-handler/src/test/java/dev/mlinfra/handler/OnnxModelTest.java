package dev.mlinfra.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which outputs an ONNX model gives, and what their columns are called. */
class OnnxModelTest {

  @Test
  void givesTheFirstOutputUnlessAskedForOthers() {
    Predictor labels = predictor("iris-names.onnx");
    assertThat(labels.columns()).containsExactly("prediction");
    assertThat(labels.predict(new double[8], 2)).hasSize(2);
  }

  /** The converter notes no names of classes, ours does: see {@link ExportedModelsTest}. */
  @Test
  void numbersTheClassesOfModelsThatDoNotNameThem() {
    Predictor all = predictor("iris-names.onnx", "label", "probabilities");
    assertThat(all.columns())
        .containsExactly("prediction", "probability_0", "probability_1", "probability_2");
    String[] cells = all.predict(new double[8], 2);
    assertThat(cells).hasSize(8);
    assertThat(cells[4]).isEqualTo(predictor("iris-names.onnx").predict(new double[4], 1)[0]);
    assertThat(Float.parseFloat(cells[5]) + Float.parseFloat(cells[6]) + Float.parseFloat(cells[7]))
        .isBetween(0.99999f, 1.00001f);
  }

  @Test
  void keepsTheOrderOfTheOutputsThatIsAskedFor() {
    assertThat(predictor("iris-names.onnx", "probabilities", "label").columns())
        .containsExactly("probability_0", "probability_1", "probability_2", "prediction");
  }

  @Test
  void numbersTheValuesOfOtherOutputs() {
    Predictor two = predictor("two-targets.onnx", "variable");
    assertThat(two.columns()).containsExactly("variable_0", "variable_1");
    String[] cells = two.predict(new double[10], 1);
    assertThat(Double.parseDouble(cells[0])).isEqualTo(-Double.parseDouble(cells[1]));
  }

  @Test
  void asksToNameAnOutputWithSeveralValues() {
    assertThatThrownBy(() -> predictor("two-targets.onnx"))
        .hasMessageContainingAll(
            "MODEL_OUTPUT_UNSUPPORTED", "output variable is 2 values", "named in outputs");
  }

  @Test
  void namesTheOutputsThatItHas() {
    assertThatThrownBy(() -> predictor("iris-names.onnx", "probability", "label", "x"))
        .hasMessage(
            "MODEL_OUTPUT_UNSUPPORTED: the model has no output probability, x;"
                + " it has label, probabilities");
  }

  @ParameterizedTest
  @ValueSource(strings = {"output_probability", "output_label,output_probability"})
  void refusesListsOfMaps(String outputs) {
    assertThat(predictor("iris-zipmap.onnx").columns()).containsExactly("prediction");
    assertThatThrownBy(() -> predictor("iris-zipmap.onnx", outputs.split(",", -1)))
        .hasMessageContainingAll(
            "MODEL_OUTPUT_UNSUPPORTED", "output_probability", "options={\"zipmap\": False}");
  }

  private static Predictor predictor(String file, String... outputs) {
    return Model.load(TestFiles.bytes(file), file).predictor(List.of(outputs));
  }
}
