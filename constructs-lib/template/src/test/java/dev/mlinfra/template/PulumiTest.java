package dev.mlinfra.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlinfra.core.ValidationException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PulumiTest {
  private static final Model PREVIEW = Models.read(TestModels.resource("pulumi/preview.json"));
  private static final Model EXPORT = Models.read(TestModels.resource("pulumi/export.json"));

  private static Resource reader() {
    return PREVIEW.resources("gcp:storage/bucketIAMMember:BucketIAMMember").get(0);
  }

  private static Resource bucket() {
    return PREVIEW.resources("gcp:storage/bucket:Bucket").get(0);
  }

  @Test
  void aPreviewIsWhatWillBe() {
    assertThat(PREVIEW.kind()).isEqualTo(SourceKind.PULUMI_PREVIEW);
    assertThat(PREVIEW.stacks().get(0).id()).isEqualTo("mlinfra/gcp-dev");
    assertThat(PREVIEW.stacks().get(0).name()).hasValue("gcp-dev");
    assertThat(PREVIEW.resources()).hasSize(4);
    assertThat(bucket().property("location").asText()).hasValue("EU");
    assertThat(bucket().attribute("op").asText()).hasValue("replace");
    assertThat(bucket().attribute("replaceReasons").toJson()).isEqualTo("[\"location\"]");
  }

  @Test
  void pathsFollowTheParents() {
    assertThat(bucket().label()).isEqualTo("data/bucket");
    assertThat(reader().label()).isEqualTo("reader");
    assertThat(bucket().property("labels[\"app.kubernetes.io/name\"]").asText()).hasValue("data");
    assertThat(bucket().property("lifecycleRules[0].condition.age").asText()).hasValue("90");
  }

  @Test
  void whatOnlyTheDeploymentKnowsIsUnknown() {
    for (String path : List.of("bucket", "count", "member", "late", "strange")) {
      assertThat(reader().property(path)).as(path).isInstanceOf(Value.Unknown.class);
      assertThat(reader().property(path).toJson()).as(path).isEqualTo("null");
    }
    assertThat(reader().property("known").asText()).hasValue("a");
    assertThat(reader().property("code").toJson())
        .isEqualTo("{\"path\":\"a.zip\",\"hash\":\"00\"}");
  }

  @Test
  void secretsAreNowhereInTheModel() {
    for (String path : List.of("password", "key", "hidden")) {
      assertThat(reader().property(path)).as(path).isEqualTo(new Value.Secret());
    }
    assertThat(PREVIEW.toString()).doesNotContain("hunter2");
    assertThat(EXPORT.toString()).doesNotContain("AAABADq");
  }

  @Test
  void referencesComeFromDependenciesAndParents() {
    assertThat(PREVIEW.references(reader()))
        .contains(
            bucket().id(),
            new ResourceId(
                "mlinfra/gcp-dev", "urn:pulumi:gcp-dev::mlinfra::mlinfra:gcp:Data::data"));
    assertThat(PREVIEW.references(bucket()).stream().map(ResourceId::toString))
        .containsExactly("urn:pulumi:gcp-dev::mlinfra::mlinfra:gcp:Data::data");
  }

  @Test
  void outputsAreTheStacks() {
    assertThat(PREVIEW.outputs().stream().map(Output::name))
        .containsExactly("bucket", "token", "region");
    assertThat(PREVIEW.outputs().get(0).value()).isInstanceOf(Value.Unknown.class);
    assertThat(PREVIEW.outputs().get(1).value()).isEqualTo(new Value.Secret());
  }

  @Test
  void aPreviewSaysWhatItLeavesOut() {
    assertThat(PREVIEW.gaps().stream().map(Gap::what))
        .containsExactly(
            "2 unchanged resources are not in the preview: add --show-sames",
            "the preview ended with errors, so the graph is not whole");
  }

  @Test
  void aPreviewKnowsWhatIsDeployed() {
    Model deployed = Models.readDeployed(TestModels.resource("pulumi/preview.json")).orElseThrow();

    assertThat(deployed.kind()).isEqualTo(SourceKind.PULUMI_STATE);
    assertThat(deployed.resources()).hasSize(1);
    assertThat(deployed.resources().get(0).property("location").asText()).hasValue("US");
    assertThat(Models.readDeployed(TestModels.resource("pulumi/export.json"))).isEmpty();
    assertThat(Models.readDeployed(TestModels.resource("assemblies/strong"))).isEmpty();
  }

  @Test
  void anExportIsWhatIs() {
    assertThat(EXPORT.kind()).isEqualTo(SourceKind.PULUMI_STATE);
    assertThat(EXPORT.resources()).hasSize(2);
    Resource volume = EXPORT.resources("runpod:index:NetworkVolume").get(0);
    assertThat(volume.property("size").asText()).hasValue("100");
    assertThat(volume.property("token")).isEqualTo(new Value.Secret());
    assertThat(volume.attribute("protect").asBoolean()).hasValue(true);
    assertThat(EXPORT.outputs().get(0).value().asText()).hasValue("v-1");
    assertThat(EXPORT.gaps().get(0).what()).contains("1 operations were interrupted");
  }

  @Test
  void theFileBackendsStateIsReadToo() {
    Model model =
        Models.parse(
            "state.json",
            "{\"version\":3,\"checkpoint\":{\"stack\":\"s\",\"latest\":{\"resources\":[{\"urn\":"
                + "\"urn:pulumi:s::p::a:b:C::n\",\"type\":\"a:b:C\"}]}}}");

    assertThat(model.resources().get(0).label()).isEqualTo("n");
  }

  @Test
  void aHelmReleaseHidesItsObjectsAndAChartDoesNot() {
    Model model =
        Models.parse(
            "state.yaml",
            """
            deployment:
              resources:
                - {urn: 'urn:pulumi:s::p::kubernetes:helm.sh/v3:Release::plugin', type: 'kubernetes:helm.sh/v3:Release'}
                - {urn: 'urn:pulumi:s::p::kubernetes:helm.sh/v4:Chart::agent', type: 'kubernetes:helm.sh/v4:Chart'}
                - urn: 'urn:pulumi:s::p::kubernetes:helm.sh/v4:Chart$kubernetes:core/v1:Service::agent'
                  type: kubernetes:core/v1:Service
                  parent: urn:pulumi:s::p::kubernetes:helm.sh/v4:Chart::agent
            """);

    assertThat(model.gaps().stream().map(Gap::toString))
        .containsExactly(
            "plugin: the objects of a Helm release are not in the graph: use a Chart to check"
                + " them");
  }

  @Test
  void parentsInACircleEnd() {
    Model model =
        Models.parse(
            "loop.json",
            "{\"deployment\":{\"resources\":[{\"urn\":\"urn:pulumi:s::p::t::a\",\"type\":\"t\",\"parent\":"
                + "\"urn:pulumi:s::p::t::b\"},{\"urn\":\"urn:pulumi:s::p::t::b\",\"type\":\"t\",\"parent\":"
                + "\"urn:pulumi:s::p::t::a\"}]}}");

    assertThat(model.resources().get(0).label()).isEqualTo("b/a");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{\"steps\":[{\"op\":\"create\"}]}                                | a step without"
            + " newState",
        "{\"steps\":[{\"op\":\"create\",\"newState\":{}}]}                | urn: is missing",
        "{\"steps\":[{\"op\":\"create\",\"newState\":{\"urn\":\"x\"}}]}   | urn: is no URN",
        "{\"deployment\":{\"resources\":[{\"urn\":\"a::b::c::d\"}]}}      | type: is missing",
      })
  void aGraphThatIsNoneSaysWhere(String json, String message) {
    assertThatThrownBy(() -> Models.parse("graph.json", json))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining("graph.json:1:")
        .hasMessageContaining(message)
        .hasMessageContaining("pulumi preview --json");
  }
}
