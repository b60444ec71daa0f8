package dev.mlinfra.template;

import static dev.mlinfra.template.TestModels.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What one template lets be known, and what it does not. */
class EvaluationTest {
  private static final Model MODEL =
      TestModels.yaml(
          "Parameters:",
          "  Name: {Type: String, Default: data}",
          "  Open: {Type: String}",
          "  Zones: {Type: CommaDelimitedList, Default: 'a, b'}",
          "  Looked: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /some/name}",
          "  Password: {Type: String, NoEcho: true, Default: hunter2}",
          "Mappings:",
          "  Sizes: {us-east-1: {small: t3, list: [x, y]}}",
          "Conditions:",
          "  IsData: !Equals [!Ref Name, data]",
          "  IsOpen: !Equals [!Ref Open, x]",
          "  Both: !And [!Condition IsData, !Condition IsOpen]",
          "  Either: !Or [!Condition IsData, !Condition IsOpen]",
          "  Neither: !Not [!Condition Either]",
          "  Loop: !Not [!Condition Loop]",
          "Resources:",
          "  Bucket: {Type: AWS::S3::Bucket}");
  private static final Context CONTEXT =
      MODEL
          .contextOf("test")
          .with("AWS::Region", "us-east-1")
          .with("AWS::AccountId", "123456789012");

  private static String resolved(String yaml) {
    return TestModels.property(yaml).resolve(CONTEXT).toJson();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "!Ref Name                                   | \"data\"",
        "!Ref Zones                                  | [\"a\",\"b\"]",
        "!Ref AWS::Region                            | \"us-east-1\"",
        "!Ref Open                                   | {\"Ref\":\"Open\"}",
        "!Ref Looked                                 | {\"Ref\":\"Looked\"}",
        "!Ref Password                               | \"[secret]\"",
        "!Ref Nobody                                 | {\"Ref\":\"Nobody\"}",
        "!Ref AWS::StackId                           | {\"Ref\":\"AWS::StackId\"}",
        "!Ref Bucket                                 | {\"Ref\":\"test:Bucket\"}",
        "!GetAtt Bucket.Arn                          | {\"Fn::GetAtt\":[\"test:Bucket\",\"Arn\"]}",
        "!GetAtt Nobody.Arn                          | {\"Fn::GetAtt\":[\"Nobody\",\"Arn\"]}",
        "!Sub '${Name}-${AWS::AccountId}'            | \"data-123456789012\"",
        "!Sub '${!Name} ${'                          | \"${Name} ${\"",
        "!Sub ['${X}/${Name}', {X: !Ref AWS::Region}] | \"us-east-1/data\"",
        "!Sub '${Bucket.Arn}'                        | {\"Fn::GetAtt\":[\"test:Bucket\",\"Arn\"]}",
        "!Sub '${Open}-${Name}'         | {\"Fn::Join\":[\"\",[{\"Ref\":\"Open\"},\"-data\"]]}",
        "!Join ['-', [a, !Ref Name]]                 | \"a-data\"",
        "!Join ['-', !Ref Zones]                     | \"a-b\"",
        "!Join ['-', []]                             | \"\"",
        "!Join ['-', [a, !Ref AWS::NoValue, b]]      | \"a-b\"",
        "!Join ['-', [a, !Ref Open]]        | {\"Fn::Join\":[\"\",[\"a-\",{\"Ref\":\"Open\"}]]}",
        "!Join ['-', [a, [b]]]                       | {\"Fn::Join\":[\"-\",[\"a\",[\"b\"]]]}",
        "!Select [1, !Ref Zones]                     | \"b\"",
        "!Select ['0', [x, !Ref Open]]               | \"x\"",
        "!Select [5, [x]]                            | {\"Fn::Select\":[5,[\"x\"]]}",
        "!Select [-1, [x]]                           | {\"Fn::Select\":[-1,[\"x\"]]}",
        "!Select [0, !Split ['/', !Sub 'a/${Open}']] | \"a\"",
        "!Split ['::', 'a::b:::c']                   | [\"a\",\"b\",\":c\"]",
        "!Split ['', abc]                            | {\"Fn::Split\":[\"\",\"abc\"]}",
        "!Split [',', !Ref Open]                     | {\"Fn::Split\":[\",\",{\"Ref\":\"Open\"}]}",
        "!FindInMap [Sizes, !Ref AWS::Region, small] | \"t3\"",
        "!FindInMap [Sizes, us-east-1, list]         | [\"x\",\"y\"]",
        "!FindInMap [Sizes, nowhere, small, {DefaultValue: d}] | \"d\"",
        "!FindInMap [Sizes, nowhere, small]  | {\"Fn::FindInMap\":[\"Sizes\",\"nowhere\",\"small\"]}",
        "!FindInMap [None, a, b, {DefaultValue: d}]  |"
            + " {\"Fn::FindInMap\":[\"None\",\"a\",\"b\",{\"DefaultValue\":\"d\"}]}",
        "!If [IsData, a, b]                          | \"a\"",
        "!If [IsOpen, !Ref Name, b]                  | {\"Fn::If\":[\"IsOpen\",\"data\",\"b\"]}",
        "!If [Both, a, b]                            | {\"Fn::If\":[\"Both\",\"a\",\"b\"]}",
        "!If [Either, a, b]                          | \"a\"",
        "!If [Neither, a, b]                         | \"b\"",
        "!If [Loop, a, b]                            | {\"Fn::If\":[\"Loop\",\"a\",\"b\"]}",
        "!If [Nobody, a, b]                          | {\"Fn::If\":[\"Nobody\",\"a\",\"b\"]}",
        "[a, !If [IsData, !Ref AWS::NoValue, b]]     | [\"a\"]",
        "{A: !Ref AWS::NoValue, B: 1}                | {\"B\":1}",
        "!Base64 {'Fn::Sub': '${Name}'}              | {\"Fn::Base64\":\"data\"}",
        "!Cidr [!Ref Name, 1]                        | {\"Fn::Cidr\":[\"data\",1]}",
        "!GetAZs {Ref: AWS::Region}                  | {\"Fn::GetAZs\":\"us-east-1\"}",
        "!ImportValue {'Fn::Sub': '${Name}-x'}       | {\"Fn::ImportValue\":\"data-x\"}",
        "!Transform {Name: M, Parameters: {A: !Ref Name}} |"
            + " {\"Fn::Transform\":{\"Name\":\"M\",\"Parameters\":{\"A\":\"data\"}}}",
        "!Equals [!Ref Name, data]                   | true",
        "!Equals [!Ref Open, data]                   | {\"Fn::Equals\":[{\"Ref\":\"Open\"},\"data\"]}",
        "!Custom [!Ref Name]                         | {\"Fn::Custom\":[{\"Ref\":\"Name\"}]}",
      })
  void isEvaluatedAsFarAsKnown(String yaml, String expected) {
    assertThat(resolved(yaml)).isEqualTo(expected);
  }

  @Test
  void anEmptyDefaultOfAHiddenParameterIsKeptAndItsValueIsNot() {
    Model model =
        TestModels.yaml(
            "Parameters:",
            "  Empty: {Type: String, NoEcho: true, Default: ''}",
            "  Full: {Type: String, NoEcho: true, Default: hunter2}",
            "  None: {Type: String, NoEcho: true}",
            "Resources:",
            "  Topic: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Ref Empty}}");

    assertThat(model.parameters().stream().map(Parameter::defaultValue))
        .containsExactly(
            Optional.of(new Value.Text("")), Optional.of(new Value.Secret()), Optional.empty());
    assertThat(model.resources().get(0).property("DisplayName").resolve(model.contextOf("test")))
        .isEqualTo(new Value.Secret());
  }

  @Test
  void aReferenceIsTyped() {
    Value arn = TestModels.property("!GetAtt Bucket.Arn");
    ResourceId bucket = new ResourceId("test", "Bucket");

    assertThat(arn.resolve(CONTEXT)).isEqualTo(new Value.Reference(bucket, Optional.of("Arn")));
    assertThat(arn.references(CONTEXT)).containsExactly(bucket);
    assertThat(TestModels.property("!Sub '${Bucket}/x'").references(CONTEXT))
        .containsExactly(bucket);
  }

  @Test
  void aTextShowsItsKnownParts() {
    ResolvedText text =
        TestModels.property("!Sub 'arn:aws:s3:::${Bucket}/${Open}/*'").resolvedText(CONTEXT);

    assertThat(text.prefix()).isEqualTo("arn:aws:s3:::");
    assertThat(text.suffix()).isEqualTo("/*");
    assertThat(text.text()).isEmpty();
    assertThat(text).hasToString("arn:aws:s3:::${test:Bucket}/${{\"Ref\":\"Open\"}}/*");
    assertThat(text.references()).containsExactly(new ResourceId("test", "Bucket"));
  }

  @Test
  void whatTheDeploymentLooksUpIsNotKnown() {
    ResolvedText text =
        TestModels.property("!Sub 'a{{resolve:ssm:/${Open}}}z'").resolvedText(CONTEXT);

    assertThat(text.isDynamic()).isTrue();
    assertThat(text.prefix()).isEqualTo("a");
    assertThat(text.suffix()).isEqualTo("z");
    Value whole = text("{{resolve:ssm:/a}}");
    assertThat(whole.resolvedText(CONTEXT).text()).isEmpty();
    assertThat(new Value.Equals(whole, whole).resolve(CONTEXT))
        .as("a lookup is compared with nothing")
        .isInstanceOf(Value.Equals.class);
    assertThat(resolved("!Split ['/', '{{resolve:ssm:/a}}']")).contains("Fn::Split");
  }

  @Test
  void defaultsAreOnlyAnAssumption() {
    Context open = CONTEXT.withoutDefaults();

    assertThat(open.resolve(new Value.Ref("Name"))).isEqualTo(new Value.Ref("Name"));
    assertThat(open.condition("IsData")).isEmpty();
    assertThat(open.with("Name", "data").condition("IsData")).hasValue(true);
    assertThat(open.with("Zones", "c,d").resolve(new Value.Ref("Zones")).toJson())
        .isEqualTo("[\"c\",\"d\"]");
  }

  @Test
  void aHiddenParameterIsHiddenEverywhere() {
    assertThat(MODEL.toString()).doesNotContain("hunter2");
    assertThat(CONTEXT.with("Password", "hunter3").resolve(new Value.Ref("Password")))
        .isEqualTo(new Value.Secret());
  }

  @Test
  void textsThatDoubleWithoutEndStaySymbols() {
    Model model =
        TestModels.yaml(
            "Parameters:",
            "  P: {Type: String, Default: '" + "x".repeat(5000) + "'}",
            "Resources:",
            "  B:",
            "    Type: T",
            "    Properties:",
            "      Big: !Sub '" + "${P}".repeat(5000) + "'");
    Value big = model.resources().get(0).property("Big");

    assertThat(big.resolve(model.contextOf("test"))).isEqualTo(big);
    assertThat(big.resolvedText(model.contextOf("test")).text()).isEmpty();
  }
}
