package dev.mlinfra.policy.internal.tags;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.core.CostTags;
import dev.mlinfra.policy.TagReach;
import dev.mlinfra.policy.Verdict;
import dev.mlinfra.template.Models;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Labels in a Pulumi state, where an SDK or Kubernetes itself says who takes them. */
class PulumiLabelsTest {
  private static final String LABELS =
      CostTags.KEYS.stream()
          .map(key -> "\"" + key + "\": \"x\"")
          .collect(Collectors.joining(", ", "{", "}"));

  private static TagReach reach(String type, String inputs) {
    return TagReach.of(
        Models.parse(
            "state.json",
            "{\"version\": 3, \"deployment\": {\"resources\": [{\"urn\": \"urn:pulumi:s::p::"
                + type
                + "::r\", \"custom\": true, \"type\": \""
                + type
                + "\", \"inputs\": "
                + inputs
                + "}]}}"));
  }

  @Test
  void aWorkloadNeedsThemOnItsPodsToo() {
    TagReach reach =
        reach(
            "kubernetes:apps/v1:Deployment",
            "{\"metadata\": {\"labels\": " + LABELS + "}, \"spec\": {\"template\": {}}}");

    assertThat(reach.counts())
        .isEqualTo("1 of 1 taggable resources are tagged, 0 of 1 places carry the tags on");
    assertThat(reach.sites().get(0).at()).isEqualTo("spec.template.metadata.labels");
  }

  @Test
  void aScheduledJobHasItsPodsDeeper() {
    TagReach reach =
        reach(
            "kubernetes:batch/v1:CronJob",
            "{\"spec\": {\"jobTemplate\": {\"spec\": {\"template\": {\"metadata\": {\"labels\": "
                + LABELS
                + "}}}}}}");

    assertThat(reach.sites().get(0).verdict()).isEqualTo(Verdict.COMPLIANT);
    assertThat(reach.resources().get(0).verdict()).isEqualTo(Verdict.VIOLATED);
  }

  @Test
  void machinesOfKarpenterGetThemFromTheirClass() {
    String type = "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass";

    assertThat(reach(type, "{\"spec\": {\"tags\": " + LABELS + "}}").sites().get(0).verdict())
        .isEqualTo(Verdict.COMPLIANT);
    assertThat(reach(type, "{\"spec\": {}}").sites().get(0).at()).isEqualTo("spec.tags");
    assertThat(reach(type, "{\"spec\": {}}").sites().get(0).verdict()).isEqualTo(Verdict.VIOLATED);
  }

  @Test
  void aLabelWithoutAValueSaysNothing() {
    TagReach reach =
        reach(
            "kubernetes:core/v1:Namespace",
            "{\"metadata\": {\"labels\": "
                + LABELS.replace("\"owner\": \"x\"", "\"owner\": \"\"")
                + "}}");

    assertThat(reach.resources().get(0).detail()).isEqualTo("lacks owner");
  }

  @Test
  void aChartDecidesForItself() {
    assertThat(reach("kubernetes:helm.sh/v3:Release", "{}").resources().get(0).verdict())
        .isEqualTo(Verdict.UNDECIDED);
  }

  @Test
  void labelsThatAreNotKnownAreUndecided() {
    assertThat(
            reach(
                    "gcp:storage/bucket:Bucket",
                    "{\"labels\": \"04da6b54-80e4-46f7-96ec-b56ff0331ba9\"}")
                .resources()
                .get(0)
                .verdict())
        .isEqualTo(Verdict.UNDECIDED);
  }

  @Test
  void theClassOfTheSdkSaysWhetherATypeTakesThem() {
    assertThat(reach("policy:shop/shelf:Shelf", "{}").resources().get(0).at()).isEqualTo("tags");
    assertThat(reach("policy:shop/shelf:Till", "{}").resources()).isEmpty();
  }

  /** RunPod has no tags: a container says in its environment whose it is. */
  @Test
  void containersOfRunPodCarryThemAsVariables() {
    TagReach.Place bare = reach("mlinfra-runpod:index:Pod", "{}").resources().get(0);
    assertThat(bare.at()).isEqualTo("env");
    assertThat(bare.verdict()).isEqualTo(Verdict.VIOLATED);
    assertThat(bare.detail())
        .isEqualTo(
            "lacks TAG_COST_CENTER, TAG_ENVIRONMENT, TAG_MANAGED_BY, TAG_OWNER, TAG_PROJECT,"
                + " TAG_WORKLOAD");
    assertThat(
            reach(
                    "mlinfra-runpod:index:Endpoint",
                    """
                    {"env": {"TAG_COST_CENTER": "c", "TAG_ENVIRONMENT": "dev", "TAG_MANAGED_BY": "m",
                      "TAG_OWNER": "o", "TAG_PROJECT": "p", "TAG_WORKLOAD": "w"}}
                    """)
                .resources()
                .get(0)
                .verdict())
        .isEqualTo(Verdict.COMPLIANT);
    assertThat(reach("mlinfra-runpod:index:NetworkVolume", "{}").resources()).isEmpty();
    assertThat(reach("mlinfra-runpod:index:Secret", "{}").resources()).isEmpty();
  }
}
