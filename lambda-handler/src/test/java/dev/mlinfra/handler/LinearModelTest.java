package dev.mlinfra.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinearModelTest {
  private static final String REGRESSION = model("[[2,-1]]", "[0.5]", "[]");
  private static final String TWO_CLASSES = model("[[1,-1]]", "[0]", "[\"no\",\"yes\"]");
  private static final String THREE_CLASSES = model("[[1,0],[0,1],[0,0]]", "[0,0,0]", "[0,1,2]");

  @Test
  void addsUpProducts() {
    assertThat(predict(REGRESSION, List.of(), 3, 4, 0.1, 0.2)).containsExactly("2.5", "0.5");
    assertThat(predictor(REGRESSION, List.of()).width()).isEqualTo(2);
    assertThat(predictor(REGRESSION, List.of("variable")).columns()).containsExactly("prediction");
  }

  @Test
  void computesInDouble() {
    assertThat(predict(model("[[1,1]]", "[0]", "[]"), List.of(), 0.1, 0.2))
        .containsExactly("0.30000000000000004");
  }

  @Test
  void choosesTheSecondOfTwoClassesAboveZero() {
    assertThat(predict(TWO_CLASSES, List.of(), 2, 1, 1, 2, 1, 1))
        .containsExactly("yes", "no", "no");
  }

  @Test
  void choosesTheFirstOfTheClassesWithTheLargestScore() {
    assertThat(predict(THREE_CLASSES, List.of(), 5, 1, 1, 5, -1, -1, 3, 3))
        .containsExactly("0", "1", "2", "0");
  }

  @Test
  void tellsProbabilitiesInTheOrderThatIsAskedFor() {
    assertThat(predict(TWO_CLASSES, List.of("probabilities", "label"), 1, 1))
        .containsExactly("0.5", "0.5", "no");
    assertThat(predictor(TWO_CLASSES, List.of("label", "probabilities")).columns())
        .containsExactly("prediction", "probability_no", "probability_yes");
  }

  @Test
  void hasProbabilitiesForAnyScore() {
    assertThat(predict(TWO_CLASSES, List.of("probabilities"), 1e6, 0, -1e6, 0))
        .containsExactly("0.0", "1.0", "1.0", "0.0");
    assertThat(predict(THREE_CLASSES, List.of("probabilities"), 1e6, 0))
        .containsExactly("1.0", "0.0", "0.0");
  }

  @Test
  void predictsNanFromMissingValues() {
    assertThat(predict(REGRESSION, List.of(), Double.NaN, 1)).containsExactly("NaN");
    assertThat(predict(TWO_CLASSES, List.of(), Double.NaN, 1)).containsExactly("NaN");
    assertThat(predict(THREE_CLASSES, List.of("label", "probabilities"), Double.NaN, 1))
        .containsExactly("NaN", "NaN", "NaN", "NaN");
  }

  @Test
  void takesAllDoublesButInfiniteOnes() {
    Predictor predictor = predictor(REGRESSION, List.of());
    assertThat(predictor.accepts(1e308)).isTrue();
    assertThat(predictor.accepts(Double.NaN)).isTrue();
    assertThat(predictor.accepts(Double.NEGATIVE_INFINITY)).isFalse();
  }

  @Test
  void isKnownByItsContent() {
    assertThat(Model.load(bytes("\n " + REGRESSION), "m")).isInstanceOf(LinearModel.class);
    assertThat(Model.load(TestFiles.bytes("sum.onnx"), "m.json")).isInstanceOf(OnnxModel.class);
  }

  @Test
  void ignoresOtherFields() {
    assertThat(predict(REGRESSION.replace("{", "{\"about\":{\"x\":[1]},"), List.of(), 0, 0))
        .containsExactly("0.5");
  }

  @Test
  void namesTheOutputsThatItHas() {
    assertThatThrownBy(() -> predictor(REGRESSION, List.of("label", "variable")))
        .hasMessage("MODEL_OUTPUT_UNSUPPORTED: the model has no output label; it has variable");
    assertThatThrownBy(() -> predictor(TWO_CLASSES, List.of("variable")))
        .hasMessageContaining("it has label, probabilities");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          [[1]]     | [0]   | ['a']         | classes has 1 names, must have two or more
          [[1]]     | [0]   | ['a','a']     | classes has 2 names
          [[1],[2]] | [0,0] | []            | 2 rows and intercepts 2 entries, must have 1 each
          [[1]]     | []    | []            | 1 rows and intercepts 0 entries
          [[1],[2]] | [0,0] | ['a','b','c'] | must have 3 each
          [[1,2],[1],[1]] | [0,0,0] | [1,2,3] | rows of coefficients must have one number
          [[]]      | [0]   | []            | rows of coefficients must have one number
          []        | []    | []            | 0 rows
          [[1e999]] | [0]   | []            | not finite
          [['1']]   | [0]   | []            | a row of coefficients must hold numbers only
          [1]       | [0]   | []            | a row of coefficients is VALUE_NUMBER_INT
          [[1]]     | [0]   | [1.5,2]       | a class is VALUE_NUMBER_FLOAT
          """)
  void refusesWhatMakesNoSense(String coefficients, String intercepts, String classes, String why) {
    String json = model(coefficients, intercepts, classes).replace('\'', '"');
    assertThatThrownBy(() -> Model.load(bytes(json), "b/m"))
        .hasMessageStartingWith("MODEL_INVALID: b/m: ")
        .hasMessageContainingAll(why, "images/training/export_model.py");
  }

  @Test
  void refusesOtherJson() {
    assertThatThrownBy(() -> Model.load(bytes(TestFiles.SUM_SCALER), "m"))
        .hasMessageContaining("format is 'mlinfra/scaler/v1', must be mlinfra/linear/v1");
    assertThatThrownBy(() -> Model.load(bytes("{}"), "m"))
        .hasMessageContainingAll("format is missing", "coefficients has 0 rows");
    assertThatThrownBy(() -> Model.load(bytes("{"), "m")).hasMessageContaining("MODEL_INVALID");
    assertThatThrownBy(() -> Model.load(bytes(REGRESSION + "x"), "m"))
        .hasMessageContaining("MODEL_INVALID");
    assertThatThrownBy(() -> Model.load(bytes("{\"format\":\"a\",\"format\":\"b\"}"), "m"))
        .hasMessageContaining("Duplicate");
  }

  private static String model(String coefficients, String intercepts, String classes) {
    return "{\"format\":\"mlinfra/linear/v1\",\"coefficients\":%s,\"intercepts\":%s,\"classes\":%s}"
        .formatted(coefficients, intercepts, classes);
  }

  private static String[] predict(String model, List<String> outputs, double... features) {
    return predictor(model, outputs).predict(features, features.length / 2);
  }

  private static Predictor predictor(String model, List<String> outputs) {
    return Model.load(bytes(model), "m").predictor(outputs);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
