package dev.mlinfra.template;

import static dev.mlinfra.template.TestModels.json;
import static dev.mlinfra.template.TestModels.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValueTest {
  private static final Value TREE =
      json(
          "{\"A\":{\"B\":[{\"C\":1},2]},\"a.b\":{\"c]\":3},\"If\":{\"Fn::If\":[\"X\",{\"k\":\"t\"},"
              + "{\"Ref\":\"AWS::NoValue\"}]},\"Join\":{\"Fn::Join\":[\"\",[\"a\"]]}}");

  @Test
  void aPathGoesThroughMapsAndLists() {
    assertThat(TREE.at("A.B[0].C").asText()).hasValue("1");
    assertThat(TREE.at("A.B[1]").asNumber()).hasValue(new BigDecimal(2));
    assertThat(TREE.at("[\"a.b\"][\"c]\"]").asText()).hasValue("3");
    assertThat(TREE.at("A.B[2]").isMissing()).isTrue();
    assertThat(TREE.at("A.X.Y[1]").isMissing()).isTrue();
    assertThat(TREE.at("")).isEqualTo(TREE);
  }

  @Test
  void aPathGoesThroughBothBranchesOfIf() {
    Value value = TREE.at("If.k");

    assertThat(value).isEqualTo(new Value.If("X", text("t"), new Value.Missing()));
    assertThat(value.alternatives()).containsExactly(text("t"), new Value.Missing());
    assertThat(TREE.at("If").alternatives().get(1).isMissing()).isTrue();
  }

  @Test
  void insideAnyOtherSymbolNothingIsKnown() {
    assertThat(TREE.at("Join.x")).isInstanceOf(Value.Unknown.class);
    assertThat(TREE.at("Join[0]")).isInstanceOf(Value.Unknown.class);
  }

  @Test
  void anItemAfterOneThatCanGoIsNotKnown() {
    String nothing = "{\"Ref\":\"AWS::NoValue\"}";
    Value list = json("[{\"Fn::If\":[\"C\",\"a\"," + nothing + "]},\"b\"]");

    assertThat(list.at("[0]")).isInstanceOf(Value.Unknown.class);
    assertThat(list.at("[1]")).isInstanceOf(Value.Unknown.class);
    assertThat(json("[" + nothing + ",\"b\"]").at("[0]")).isEqualTo(text("b"));
    assertThat(json("[{\"Fn::If\":[\"C\",\"a\",\"c\"]},\"b\"]").at("[1]")).isEqualTo(text("b"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {".", "A.", ".A", "A[", "A[x]", "A[1", "A[\"b", "A]", "[99999999999]", "A..B"})
  void aMalformedPathIsAMistakeOfTheRule(String path) {
    assertThatThrownBy(() -> TREE.at(path))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + path + "' is not a path");
  }

  @Test
  void scalarsConvert() {
    assertThat(json("\"True\"").asBoolean()).hasValue(true);
    assertThat(json("\"yes\"").asBoolean()).isEmpty();
    assertThat(json("true").asText()).hasValue("true");
    assertThat(json("\" 12 \"").asNumber()).hasValue(new BigDecimal(12));
    assertThat(json("\"twelve\"").asNumber()).isEmpty();
    assertThat(json("[]").asText()).isEmpty();
    assertThat(json("null").asText()).isEmpty();
  }

  @Test
  void oneOrManyReadsWhatPoliciesWrite() {
    assertThat(json("\"s3:*\"").oneOrMany()).containsExactly(text("s3:*"));
    assertThat(json("[\"a\",\"b\"]").oneOrMany()).containsExactly(text("a"), text("b"));
    assertThat(new Value.Missing().oneOrMany()).isEmpty();
  }

  @Test
  void literalMeansThatNothingInsideIsSymbolic() {
    assertThat(TREE.isLiteral()).isFalse();
    assertThat(TREE.at("A").isLiteral()).isTrue();
    assertThat(TREE.at("Join").isSymbolic()).isTrue();
  }

  @Test
  void namesAreFoundEverywhere() {
    Value value =
        json(
            "[{\"Ref\":\"A\"},{\"Fn::GetAtt\":\"B.Arn\"},{\"Fn::Sub\":[\"${C} ${D.Arn} ${X} ${!E}\","
                + "{\"X\":{\"Ref\":\"F\"}}]},{\"Fn::Custom\":{\"Ref\":\"G\"}}]");

    assertThat(value.referencedNames()).containsExactly("A", "B", "C", "D", "F", "G");
  }

  @Test
  void aSecretIsNeverWritten() {
    assertThat(new Value.Secret().toJson()).isEqualTo("\"[secret]\"");
    assertThat(new Value.Secret().asText()).isEmpty();
    assertThat(new Value.Secret().at("a")).isEqualTo(new Value.Secret());
  }
}
