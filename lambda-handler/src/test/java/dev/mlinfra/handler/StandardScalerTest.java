package dev.mlinfra.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StandardScalerTest {
  private static final String VALID =
      "{'format':'mlinfra/scaler/v1','by':{'x':[1]},'feature_names':['a','b'],'mean':[1,2.5],'scale':[3,-4]}";

  @Test
  void readsAFile() {
    assertThat(parse(VALID))
        .isEqualTo(new StandardScaler(List.of("a", "b"), List.of(1.0, 2.5), List.of(3.0, -4.0)));
  }

  @Test
  void divides() {
    // 5 * (1 / 49) is another double than 5 / 49
    assertThat(StandardScaler.apply(6, 1, 49)).isEqualTo(5.0 / 49).isNotEqualTo(5.0 * (1 / 49.0));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'mlinfra/scaler/v1'   | 'mlinfra/scaler/v2'   | format is 'mlinfra/scaler/v2', must be mlinfra/scaler/v1",
        "'format':'mlinfra/scaler/v1', | ``            | format is missing",
        "['a','b']             | ['a','a']             | feature_names has 'a' twice",
        "['a','b']             | []                    | feature_names is missing or empty",
        "['a','b']             | ['a']                 | have 1, 2 and 2 entries",
        "['a','b']             | ['a',2]               | a name in feature_names is VALUE_NUMBER_INT",
        "[1,2.5]               | [1]                   | have 2, 1 and 2 entries",
        "[1,2.5]               | [1,'2']               | mean must hold numbers only",
        "[1,2.5]               | [1,1e999]             | mean has a value that is not finite",
        "[1,2.5]               | [1,NaN]               | NaN",
        "[1,2.5]               | 1                     | mean is VALUE_NUMBER_INT, must be START_ARRAY",
        "[3,-4]                | [3,0]                 | scale has a value that is 0 or not finite",
        "'scale':              | 'mean':[1,1],'scale': | mean",
        "}                     | ``                    | end-of-input",
      })
  void refusesWhatMakesNoSense(String part, String replacement, String problem) {
    int at = VALID.lastIndexOf(part);
    assertThat(at).isNotNegative();
    String json = VALID.substring(0, at) + replacement + VALID.substring(at + part.length());
    assertThatThrownBy(() -> parse(json))
        .isInstanceOf(PredictionException.class)
        .hasMessageStartingWith("SCALER_INVALID: s.json: ")
        .hasMessageContainingAll(problem, "convert_pickle.py");
  }

  @Test
  void refusesMoreAfterTheObject() {
    assertThatThrownBy(() -> parse(VALID + "{}")).hasMessageContaining("closing brace");
  }

  @Test
  void namesAllProblemsAtOnce() {
    assertThatThrownBy(() -> parse("{'mean':[1],'scale':[0]}"))
        .hasMessageContainingAll("format", "feature_names", "entries", "scale has");
  }

  private static StandardScaler parse(String json) {
    return StandardScaler.parse(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8), "s.json");
  }
}
