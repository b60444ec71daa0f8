package dev.mlinfra.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlinfra.core.ValidationException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ModelsTest {
  @TempDir Path folder;

  @Test
  void aTemplateIsOneStack() {
    Model model =
        TestModels.yaml(
            "AWSTemplateFormatVersion: 2010-09-09",
            "Parameters: {P: {Type: String, Default: x}}",
            "Resources:",
            "  A:",
            "    Type: AWS::S3::Bucket",
            "    DeletionPolicy: Retain",
            "    DependsOn: B",
            "  B: {Type: AWS::SQS::Queue, Condition: C}",
            "Outputs:",
            "  O: {Value: !Ref A, Export: {Name: n}}",
            "  N: {Value: !Ref B}");

    assertThat(model.kind()).isEqualTo(SourceKind.TEMPLATE);
    assertThat(model.stacks()).hasSize(1);
    assertThat(model.stacks().get(0).id()).isEqualTo("test");
    assertThat(model.exports()).hasSize(1);
    assertThat(model.parameters().get(0).defaultValue()).hasValue(new Value.Text("x"));
    Resource a = model.resources("AWS::S3::Bucket").get(0);
    assertThat(a.label()).isEqualTo("test:A");
    assertThat(a.position().orElseThrow()).hasToString("test.yaml:5:5");
    assertThat(a.properties()).isEqualTo(new Value.Mapping(Map.of()));
    assertThat(a.attribute("Nothing").isMissing()).isTrue();
    assertThat(model.references(a)).containsExactly(new ResourceId("test", "B"));
    assertThat(model.resource(new ResourceId("none", "A"))).isEmpty();
  }

  @Test
  void emptySectionsAndPropertiesAreNone() {
    Model model =
        TestModels.yaml("Parameters:", "Resources:", "  A:", "    Type: T", "    Properties:");

    assertThat(model.resources().get(0).property("X").isMissing()).isTrue();
  }

  @Test
  void macrosAndLoopsAreGaps() {
    Model model =
        TestModels.yaml(
            "Transform: [AWS::LanguageExtensions]",
            "Resources:",
            "  Fn::ForEach::Buckets: [Name, [a, b], {}]",
            "  A: {Type: T, Properties: {Fn::Transform: {Name: M}, X: 1}}");

    assertThat(model.gaps().stream().map(Gap::toString))
        .containsExactly(
            "test: the macro \"AWS::LanguageExtensions\" runs at deploy time and can change the template",
            "test: Resources holds Fn::ForEach::Buckets, which is expanded at deploy time");
    assertThat(model.resources().get(0).property("X"))
        .as("a macro can change what stands beside it")
        .isInstanceOf(Value.Unknown.class);
  }

  static Stream<Arguments> unreadable() {
    return Stream.of(
        Arguments.of("", "1:1: is empty"),
        Arguments.of("  \n", "is empty"),
        Arguments.of("just words", "is nothing that mlinfra reads"),
        Arguments.of("{\"name\": \"package\"}", "is nothing that mlinfra reads"),
        Arguments.of("{\"name\": \"package\"}", "cdk.out folder"),
        Arguments.of("[]", "is nothing that mlinfra reads"),
        Arguments.of("{\"Resources\": {", "is not JSON that can be read"),
        Arguments.of("{\"Resources\": {}} {}", "1:19: a second document"),
        Arguments.of("{\"Resources\":{\"A\":1,\"A\":2}}", "the key stands here a second time"),
        Arguments.of("Resources:\n  A: {Type: T}\n  A: {Type: T}", "3:3: Resources.A: the key"),
        Arguments.of("Resources: {}\n---\nResources: {}", "a second document starts here"),
        Arguments.of("Resources: [a]", "1:12: Resources: is not a map"),
        Arguments.of("Resources:\n  A: 1", "2:6: Resources.A: is not a map"),
        Arguments.of("Resources:\n  A: {Properties: {}}", "2:6: Resources.A: has no Type"),
        Arguments.of("Resources:\n  A: {Type: T, Properties: [1]}", "Properties: is a list"),
        Arguments.of("Resources: {}\nParameters: {P: 1}", "Parameters.P: is not a map"),
        Arguments.of("Resources: {}\nOutputs: {O: 1}", "Outputs.O: is not a map"),
        Arguments.of("Resources: *none", "an alias without an anchor"),
        Arguments.of("Resources: &a {A: *a}", "an alias without an anchor"),
        Arguments.of("Resources: {[a]: b}", "a key that is not a word"),
        Arguments.of("Resources:\n\tA: 1", "is not YAML"),
        Arguments.of("Resources: \u0007", "U+0007"),
        Arguments.of("Resources: \"\\u", "malformed escape"),
        Arguments.of("Resources: \"\\uzzzz\"", "1:15: is not YAML: expected escape sequence"),
        Arguments.of("Resources: \"\\UFFFFFFFF\"", "1:"),
        Arguments.of("[".repeat(5000), "deep"),
        Arguments.of("a: " + "[".repeat(5000), "deep"),
        Arguments.of("{\"a\":" + "[".repeat(5000), "deep"));
  }

  @ParameterizedTest
  @MethodSource("unreadable")
  void whatCannotBeReadSaysWhere(String text, String message) {
    assertThatThrownBy(() -> Models.parse("file.yaml", text))
        .isInstanceOf(ValidationException.class)
        .hasMessageStartingWith("file.yaml has 1 problem:")
        .hasMessageContaining(message);
  }

  @Test
  void aliasesThatGrowAreRefused() {
    StringBuilder wide = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    StringBuilder deep = new StringBuilder("a0: &a0 [x]\n");
    for (int i = 1; i < 300; i++) {
      wide.append("a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ", ").repeat(9)));
      deep.append("a%d: &a%d [*a%d]\n".formatted(i, i, i - 1));
    }

    assertThatThrownBy(() -> Models.parse("wide.yaml", wide.toString()))
        .hasMessageContaining("too large, aliases written out");
    assertThatThrownBy(() -> Models.parse("deep.yaml", deep.toString()))
        .hasMessageContaining("too deeply, aliases written out");
  }

  @Test
  void aMessageNeverQuotesTheFile() {
    assertThatThrownBy(() -> Models.parse("f.json", "{\"Resources\": {\"a\": hunter2}}"))
        .isInstanceOf(ValidationException.class)
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void flowStyleWithShortTagsIsYaml() {
    assertThat(
            Models.parse("f", "{Resources: {A: {Type: T, Properties: {P: !Ref X}}}}")
                .resources()
                .get(0)
                .property("P"))
        .isEqualTo(new Value.Ref("X"));
  }

  @Test
  void aByteOrderMarkIsNoContent() {
    assertThat(Models.parse("f", "\uFEFF{\"Resources\":{}}").stacks()).hasSize(1);
    assertThat(Models.parse("f", "\uFEFFResources: {}").stacks()).hasSize(1);
  }

  @Test
  void filesAndFoldersThatAreNoneSaySo() throws IOException {
    assertThatThrownBy(() -> Models.read(folder.resolve("none.yaml")))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining("no such file");
    assertThatThrownBy(() -> Models.read(folder))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining("a folder without manifest.json")
        .hasMessageContaining("cdk.out");
    Path binary = Files.write(folder.resolve("a.yaml"), new byte[] {(byte) 0xff, 0, 1});
    assertThatThrownBy(() -> Models.read(binary)).hasMessageContaining("is not UTF-8 text");
    Path latin =
        Files.write(folder.resolve("b"), "a: \u00e4".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> Models.read(latin)).hasMessageContaining("is not UTF-8 text");
  }

  @Test
  void aStackThatIsNotThereIsAMistakeOfTheCaller() {
    Model model = TestModels.yaml("Resources: {}");

    assertThatThrownBy(() -> model.contextOf("other"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no stack 'other'");
  }
}
