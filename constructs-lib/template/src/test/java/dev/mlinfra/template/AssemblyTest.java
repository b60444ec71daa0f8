package dev.mlinfra.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlinfra.core.ValidationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real assemblies; {@code assemblies/README.md} says of which program. */
class AssemblyTest {
  private static final String NESTED =
      "dev/Data/ArchiveNestedStackArchiveNestedStackResourceCB0E4F37";
  private static final ResourceId BUCKET = new ResourceId("dev/Data", "Bucket83908E77");
  private static final ResourceId COLD = new ResourceId(NESTED, "Cold39253134");

  @TempDir Path folder;

  private static Model read(String name) {
    return Models.read(TestModels.resource("assemblies/" + name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"strong", "weak"})
  void stagesAndNestedStacksAreRead(String name) {
    Model model = read(name);

    assertThat(model.kind()).isEqualTo(SourceKind.ASSEMBLY);
    assertThat(model.stacks().stream().map(Stack::id))
        .containsExactly("dev/Data", NESTED, "dev/Training");
    Stack data = model.stack("dev/Data").orElseThrow();
    assertThat(data.name()).hasValue("dev-Data");
    assertThat(data.account()).hasValue("123456789012");
    assertThat(data.region()).hasValue("eu-central-1");
    assertThat(model.stack(NESTED).orElseThrow().region()).hasValue("eu-central-1");
    assertThat(model.gaps()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"strong", "weak"})
  void eachResourceKnowsWhoMadeIt(String name) {
    Model model = read(name);
    Resource bucket = model.resource(BUCKET).orElseThrow();
    Resource cold = model.resource(COLD).orElseThrow();

    assertThat(bucket.label()).isEqualTo("dev/Data/Bucket/Resource");
    assertThat(bucket.sourceTrace())
        .hasToString(
            "[com.example.DataStack.<init> (DataStack.java:13),"
                + " com.example.Main.main (Main.java:14)]");
    assertThat(cold.constructPath()).hasValue("dev/Data/Archive/Cold/Resource");
    assertThat(cold.javaSource().orElseThrow().line()).isEqualTo(15);
    assertThat(bucket.attribute("DeletionPolicy").asText()).hasValue("Retain");
    assertThat(bucket.position().orElseThrow().line()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"strong", "weak"})
  void referencesLeadToOtherStacksAndIntoNestedOnes(String name) {
    Model model = read(name);
    Resource policy = model.resources("AWS::IAM::Policy").get(0);
    List<Value> resources =
        policy.property("PolicyDocument.Statement").asList().stream()
            .flatMap(statement -> statement.at("Resource").oneOrMany().stream())
            .toList();

    assertThat(resources.stream().map(it -> it.resolvedText(model.contextOf(policy)).toString()))
        .containsExactly(
            "${" + BUCKET + ".Arn}",
            "${" + BUCKET + ".Arn}/*",
            "${" + COLD + ".Arn}",
            "${" + COLD + ".Arn}/*");
    assertThat(model.references(policy)).contains(BUCKET, COLD);
  }

  @Test
  void whatAParentPassesIsKnownInTheNestedStack() {
    Model model = read("strong");
    Output source = model.stack(NESTED).orElseThrow().outputs().get("Source");

    assertThat(source.value().references(model.contextOf(NESTED))).containsExactly(BUCKET);
    Output cold = model.stack("dev/Data").orElseThrow().outputs().get("ColdArn");
    assertThat(cold.value().references(model.contextOf("dev/Data"))).isEqualTo(Set.of(COLD));
  }

  @Test
  void aStageOrTheManifestItselfCanBeNamed() {
    Path strong = TestModels.resource("assemblies/strong");

    assertThat(Models.read(strong.resolve("assembly-dev")).stacks()).hasSize(3);
    assertThat(Models.read(strong.resolve("manifest.json")).stacks()).hasSize(3);
  }

  @Test
  void oneTemplateOfAnAssemblyLeavesItsImportsSymbolic() {
    Model model =
        Models.read(
            TestModels.resource(
                "assemblies/strong/assembly-dev/devTrainingF628E15B.template.json"));
    Resource policy = model.resources("AWS::IAM::Policy").get(0);

    assertThat(policy.id().stack()).isEqualTo("devTrainingF628E15B");
    assertThat(
            policy
                .property("PolicyDocument.Statement[0].Resource[0]")
                .resolve(model.contextOf(policy)))
        .isInstanceOf(Value.ImportValue.class);
  }

  private Path manifest(String artifacts, String more) throws IOException {
    Files.writeString(
        folder.resolve("manifest.json"),
        "{\"version\":\"54.0.0\",\"artifacts\":{" + artifacts + "}" + more + "}");
    return folder;
  }

  private static String stack(String id, String environment, String template) {
    return "\"%s\":{\"type\":\"aws:cloudformation:stack\",\"environment\":\"%s\",\"properties\":{\"templateFile\":\"%s\"}}"
        .formatted(id, environment, template);
  }

  private void template(String name, String resources, String outputs) throws IOException {
    Files.writeString(
        folder.resolve(name), "{\"Resources\":{" + resources + "},\"Outputs\":{" + outputs + "}}");
  }

  private static final String EXPORT =
      "\"O\":{\"Value\":{\"Ref\":\"B\"},\"Export\":{\"Name\":{\"Fn::Sub\":\"${AWS::StackName}-b\"}}}";
  private static final String MAKER = "\"B\":{\"Type\":\"AWS::S3::Bucket\"}";
  private static final String USER =
      "\"U\":{\"Type\":\"T\",\"Properties\":{\"P\":{\"Fn::ImportValue\":\"one-b\"}}}";

  @Test
  void anExportOfAnotherRegionIsAnotherExport() throws IOException {
    template("one.json", MAKER, EXPORT);
    template("user.json", USER, "");
    String here = "aws://123456789012/eu-west-1";
    String there = "aws://123456789012/us-east-1";

    Model same =
        Models.read(
            manifest(stack("one", here, "one.json") + "," + stack("user", here, "user.json"), ""));
    Model other =
        Models.read(
            manifest(stack("one", there, "one.json") + "," + stack("user", here, "user.json"), ""));

    assertThat(same.references(same.resources("T").get(0)))
        .containsExactly(new ResourceId("one", "B"));
    assertThat(other.references(other.resources("T").get(0))).isEmpty();
  }

  @Test
  void twoExportsOfOneNameDecideNothing() throws IOException {
    template("one.json", MAKER, EXPORT.replace("${AWS::StackName}", "one"));
    template("user.json", USER, "");
    String unknown = "aws://unknown-account/unknown-region";

    Model model =
        Models.read(
            manifest(
                stack("a", unknown, "one.json")
                    + ","
                    + stack("b", unknown, "one.json")
                    + ","
                    + stack("user", unknown, "user.json"),
                ""));

    assertThat(model.stacks().get(0).region()).isEmpty();
    assertThat(model.references(model.resources("T").get(0))).isEmpty();
  }

  @Test
  void stacksThatImportFromEachOtherEnd() throws IOException {
    String two =
        "{\"Fn::Join\":[\"\",[{\"Fn::ImportValue\":\"%s\"},{\"Fn::ImportValue\":\"%s\"}]]}";
    template(
        "a.json",
        MAKER,
        "\"O\":{\"Value\":" + two.formatted("b", "b") + ",\"Export\":{\"Name\":\"a\"}}");
    template(
        "b.json",
        MAKER,
        "\"O\":{\"Value\":" + two.formatted("a", "a") + ",\"Export\":{\"Name\":\"b\"}}");

    Model model =
        Models.read(manifest(stack("a", "", "a.json") + "," + stack("b", "", "b.json"), ""));
    Output output = model.outputs().get(0);

    assertThat(output.value().resolvedText(model.contextOf("a")).text()).isEmpty();
  }

  @Test
  void aValueOfAnotherStackKeepsThatStacksNames() throws IOException {
    template(
        "one.json", MAKER, "\"O\":{\"Value\":{\"Ref\":\"Open\"},\"Export\":{\"Name\":\"one-b\"}}");
    template("user.json", USER + ",\"Open\":{\"Type\":\"AWS::SQS::Queue\"}", "");

    Model model =
        Models.read(
            manifest(stack("one", "", "one.json") + "," + stack("user", "", "user.json"), ""));

    Resource user = model.resources("T").get(0);
    assertThat(model.references(user)).as("user's own Open is not meant").isEmpty();
    assertThat(user.property("P").resolve(model.contextOf(user))).isInstanceOf(Value.Unknown.class);
  }

  @Test
  void gapsSayWhatTheAssemblyDoesNotHold() throws IOException {
    template(
        "one.json",
        "\"N\":{\"Type\":\"AWS::CloudFormation::Stack\",\"Properties\":{\"TemplateURL\":\"https://x\"}},"
            + "\"S\":{\"Type\":\"AWS::CloudFormation::Stack\",\"Metadata\":{\"aws:asset:path\":\"one.json\"}}",
        "");

    Model model =
        Models.read(
            manifest(
                stack("one", "", "one.json"), ",\"missing\":[{\"key\":\"availability-zones\"}]"));

    assertThat(model.gaps().stream().map(Gap::toString))
        .satisfiesExactly(
            it ->
                assertThat(it)
                    .endsWith("'availability-zones' and got a placeholder instead of the value"),
            it ->
                assertThat(it)
                    .isEqualTo("one/N: the nested stack's template is not in the assembly"),
            it -> assertThat(it).startsWith("one/S: the nested stack's template holds itself"));
  }

  @Test
  void twoArtifactsOfOneNameStayApart() throws IOException {
    template("one.json", MAKER, "");
    String named = "\"displayName\":\"same\",\"type\"";

    Model model =
        Models.read(
            manifest(
                (stack("a", "", "one.json") + "," + stack("b", "", "one.json"))
                    .replace("\"type\"", named),
                ""));

    assertThat(model.stacks().stream().map(Stack::id)).containsExactly("same", "same#2");
  }

  @Test
  void aFileOutsideTheAssemblyIsNotRead() throws IOException {
    Path inner = Files.createDirectory(folder.resolve("inner"));
    template("one.json", MAKER, "");
    Files.writeString(
        inner.resolve("manifest.json"),
        "{\"version\":\"1\",\"artifacts\":{" + stack("a", "", "../one.json") + "}}");

    assertThatThrownBy(() -> Models.read(inner))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining("names a file outside the assembly");
  }

  @Test
  void anIncompleteAssemblySaysWhere() throws IOException {
    assertThatThrownBy(() -> Models.read(manifest(stack("a", "", "gone.json"), "")))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining("gone.json")
        .hasMessageContaining("no such file");
    assertThatThrownBy(
            () -> Models.read(manifest("\"a\":{\"type\":\"aws:cloudformation:stack\"}", "")))
        .hasMessageContaining("artifacts.a: has no templateFile");
    assertThatThrownBy(() -> Models.read(manifest("\"a\":{\"type\":\"cdk:cloud-assembly\"}", "")))
        .hasMessageContaining("artifacts.a: has no directoryName");
    assertThatThrownBy(
            () ->
                Models.read(
                    manifest(
                        "\"a\":{\"type\":\"cdk:cloud-assembly\",\"properties\":{\"directoryName\":\".\"}}",
                        "")))
        .hasMessageContaining("is a stage too deep");
  }

  @Test
  void aManifestThatIsNoneSaysWhatToDo() throws IOException {
    Files.writeString(folder.resolve("manifest.json"), "{\"name\":\"a web app\"}");

    assertThatThrownBy(() -> Models.read(folder))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining("is not the manifest of a cloud assembly")
        .hasMessageContaining("npx cdk synth");
  }
}
