package dev.mlinfra.template;

import static dev.mlinfra.template.TestModels.json;
import static dev.mlinfra.template.TestModels.property;
import static dev.mlinfra.template.TestModels.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each intrinsic, in JSON, in YAML's long form and as a short tag, is the same symbol. */
class IntrinsicReadingTest {
  static Stream<Arguments> intrinsics() {
    Value ref = new Value.Ref("A");
    return Stream.of(
        Arguments.of("{\"Ref\":\"A\"}", "!Ref A", ref),
        Arguments.of(
            "{\"Fn::GetAtt\":[\"A\",\"B.C\"]}", "!GetAtt A.B.C", new Value.GetAtt("A", "B.C")),
        Arguments.of("{\"Fn::GetAtt\":\"A.B\"}", "!GetAtt [A, B]", new Value.GetAtt("A", "B")),
        Arguments.of(
            "{\"Fn::Sub\":\"a-${A}\"}", "!Sub 'a-${A}'", new Value.Sub("a-${A}", Map.of())),
        Arguments.of(
            "{\"Fn::Sub\":[\"${X}\",{\"X\":{\"Ref\":\"A\"}}]}",
            "!Sub ['${X}', {X: !Ref A}]",
            new Value.Sub("${X}", Map.of("X", ref))),
        Arguments.of(
            "{\"Fn::Join\":[\"-\",[\"a\",{\"Ref\":\"A\"}]]}",
            "!Join ['-', [a, !Ref A]]",
            new Value.Join("-", new Value.Sequence(List.of(text("a"), ref)))),
        Arguments.of(
            "{\"Fn::Join\":[\"\",{\"Ref\":\"A\"}]}", "!Join ['', !Ref A]", new Value.Join("", ref)),
        Arguments.of(
            "{\"Fn::ImportValue\":\"x\"}", "!ImportValue x", new Value.ImportValue(text("x"))),
        Arguments.of(
            "{\"Fn::GetStackOutput\":{\"StackName\":\"s\",\"OutputName\":\"o\",\"Region\":\"r\"}}",
            "!GetStackOutput {StackName: s, OutputName: o, Region: r}",
            new Value.StackOutput(text("s"), text("o"), Optional.of(text("r")), Optional.empty())),
        Arguments.of(
            "{\"Fn::Select\":[1,{\"Ref\":\"A\"}]}",
            "!Select [1, !Ref A]",
            new Value.Select(new Value.Num(BigDecimal.ONE), ref)),
        Arguments.of(
            "{\"Fn::Split\":[\",\",{\"Ref\":\"A\"}]}",
            "!Split [',', !Ref A]",
            new Value.Split(",", ref)),
        Arguments.of(
            "{\"Fn::FindInMap\":[\"M\",{\"Ref\":\"A\"},\"k\"]}",
            "!FindInMap [M, !Ref A, k]",
            new Value.FindInMap(text("M"), ref, text("k"), Optional.empty())),
        Arguments.of(
            "{\"Fn::FindInMap\":[\"M\",\"a\",\"k\",{\"DefaultValue\":\"d\"}]}",
            "!FindInMap [M, a, k, {DefaultValue: d}]",
            new Value.FindInMap(text("M"), text("a"), text("k"), Optional.of(text("d")))),
        Arguments.of(
            "{\"Fn::If\":[\"C\",\"a\",{\"Ref\":\"A\"}]}",
            "!If [C, a, !Ref A]",
            new Value.If("C", text("a"), ref)),
        Arguments.of(
            "{\"Fn::Transform\":{\"Name\":\"AWS::Include\",\"Parameters\":{\"Location\":\"x\"}}}",
            "!Transform {Name: 'AWS::Include', Parameters: {Location: x}}",
            new Value.Transform("AWS::Include", new Value.Mapping(Map.of("Location", text("x"))))),
        Arguments.of("{\"Fn::Base64\":\"x\"}", "!Base64 x", new Value.Base64(text("x"))),
        Arguments.of(
            "{\"Fn::Cidr\":[{\"Ref\":\"A\"},\"3\",\"8\"]}",
            "!Cidr [!Ref A, '3', '8']",
            new Value.Cidr(ref, text("3"), Optional.of(text("8")))),
        Arguments.of("{\"Fn::GetAZs\":\"\"}", "!GetAZs ''", new Value.GetAZs(text(""))),
        Arguments.of(
            "{\"Fn::Equals\":[\"a\",\"b\"]}",
            "!Equals [a, b]",
            new Value.Equals(text("a"), text("b"))),
        Arguments.of(
            "{\"Fn::And\":[{\"Condition\":\"C\"},{\"Fn::Not\":[{\"Condition\":\"D\"}]}]}",
            "!And [!Condition C, !Not [!Condition D]]",
            new Value.And(
                List.of(new Value.ConditionRef("C"), new Value.Not(new Value.ConditionRef("D"))))),
        Arguments.of(
            "{\"Fn::Or\":[{\"Condition\":\"C\"}]}",
            "!Or [!Condition C]",
            new Value.Or(List.of(new Value.ConditionRef("C")))));
  }

  @ParameterizedTest
  @MethodSource("intrinsics")
  void everyFormIsTheSameSymbol(String json, String shortForm, Value expected) {
    assertThat(json(json)).isEqualTo(expected);
    assertThat(property(json)).as("JSON as YAML").isEqualTo(expected);
    assertThat(property(shortForm)).as("short form").isEqualTo(expected);
    assertThat(json(expected.toJson())).as("written and read again").isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"Fn::Custom\":[1]}",
        "{\"Fn::GetAtt\":[\"A\"]}",
        "{\"Fn::GetAtt\":\"A\"}",
        "{\"Fn::Join\":[\",\",\"a\"]}",
        "{\"Fn::Join\":[{\"Ref\":\"A\"},[]]}",
        "{\"Fn::Select\":[1]}",
        "{\"Fn::If\":[\"C\",1]}",
        "{\"Fn::Sub\":[\"a\",[]]}",
        "{\"Fn::FindInMap\":[\"a\",\"b\",\"c\",\"d\"]}",
        "{\"Fn::Transform\":{\"Parameters\":{}}}",
        "{\"Ref\":[\"A\"]}",
        "{\"A\":1,\"Fn::Transform\":{\"Name\":\"M\"}}",
        "{\"Fn::ForEach::Loop\":[\"X\",[\"a\"],{}]}",
        "{\"Fn::GetStackOutput\":\"a\"}"
      })
  void whatIsNotUnderstoodStaysAsWritten(String json) {
    Value value = json(json);

    assertThat(value).isInstanceOf(Value.Unknown.class);
    assertThat(value.toJson()).isEqualTo(json);
    assertThat(value.at("Anything[3]")).isEqualTo(value);
  }

  @Test
  void aKeyNamedConditionIsNoFunctionInAProperty() {
    assertThat(json("{\"Condition\":\"C\"}").at("Condition")).isEqualTo(text("C"));
  }

  @Test
  void scalarsAreReadAsCloudFormationDoes() {
    assertThat(property("012345678901").asText()).hasValue("012345678901");
    assertThat(property("2012-10-17")).isEqualTo(text("2012-10-17"));
    assertThat(property("yes")).isEqualTo(new Value.Bool(true));
    assertThat(property("'yes'")).isEqualTo(text("yes"));
    assertThat(property("1.50").asText()).hasValue("1.50");
    assertThat(property("1e3").asText()).hasValue("1000");
    assertThat(property("~")).isEqualTo(new Value.Null());
    assertThat(property("0o17")).isEqualTo(text("0o17"));
    assertThat(property("!!str 5")).isEqualTo(text("5"));
    assertThat(json("1e999999").asText()).hasValue("1E+999999");
    assertThat(json("1e99999999999").asText()).hasValue("1e99999999999");
  }

  @Test
  void aliasesAndMergesAreWrittenOut() {
    Model model =
        TestModels.yaml(
            "Resources:",
            "  A:",
            "    Type: T",
            "    Properties: &all {X: 1, Y: &y [a]}",
            "  B:",
            "    Type: T",
            "    Properties:",
            "      <<: *all",
            "      X: 2",
            "      Z: *y");

    assertThat(model.resources().get(1).properties().toJson())
        .isEqualTo("{\"X\":2,\"Z\":[\"a\"],\"Y\":[\"a\"]}");
  }
}
