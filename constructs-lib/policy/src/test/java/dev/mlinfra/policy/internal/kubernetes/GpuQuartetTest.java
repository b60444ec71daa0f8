package dev.mlinfra.policy.internal.kubernetes;

import static dev.mlinfra.policy.internal.PulumiStates.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import dev.mlinfra.template.Model;
import java.util.List;
import org.junit.jupiter.api.Test;

class GpuQuartetTest {

  @Test
  void compliantWithAllFour() {
    assertThat(
            check(
                Workloads.deployment(
                    "containers: [{resources: {limits: {nvidia.com/gpu: 1, memory:"
                        + " 32Gi}}}], tolerations: [{key: nvidia.com/gpu, operator: Exists}],"
                        + " nodeSelector: {gpu: l4}")))
        .containsExactly(
            "COMPLIANT serve spec.template.spec.containers[0].resources.limits[\"nvidia.com/gpu\"]",
            "COMPLIANT serve spec.template.spec.containers[0].resources.limits.memory",
            "COMPLIANT serve spec.template.spec.tolerations",
            "COMPLIANT serve spec.template.spec.nodeSelector");
  }

  @Test
  void compliantWithATaintOfOnesOwn() {
    assertThat(
            check(
                Workloads.deployment(
                    "containers: [{resources: {limits: {nvidia.com/gpu: 1, memory:"
                        + " 32Gi}}}], tolerations: [{key: spot}, {key: sku, value: gpu}],"
                        + " affinity: {nodeAffinity:"
                        + " {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms:"
                        + " []}}}")))
        .containsExactly(
            "COMPLIANT serve spec.template.spec.containers[0].resources.limits[\"nvidia.com/gpu\"]",
            "COMPLIANT serve spec.template.spec.containers[0].resources.limits.memory",
            "COMPLIANT serve spec.template.spec.tolerations",
            "COMPLIANT serve spec.template.spec.nodeSelector");
  }

  @Test
  void compliantWhenAllTaintsAreTolerated() {
    assertThat(
            check(
                Workloads.deployment(
                    "containers: [{resources: {limits: {nvidia.com/gpu: 1, memory:"
                        + " 32Gi}}}], tolerations: [{operator: Exists}], nodeSelector: {gpu: l4}")))
        .containsExactly(
            "COMPLIANT serve spec.template.spec.containers[0].resources.limits[\"nvidia.com/gpu\"]",
            "COMPLIANT serve spec.template.spec.containers[0].resources.limits.memory",
            "COMPLIANT serve spec.template.spec.tolerations",
            "COMPLIANT serve spec.template.spec.nodeSelector");
  }

  @Test
  void violatedWithoutTheOthers() {
    assertThat(
            check(Workloads.deployment("containers: [{resources: {limits: {google.com/tpu: 4}}}]")))
        .containsExactly(
            "COMPLIANT serve spec.template.spec.containers[0].resources.limits[\"google.com/tpu\"]",
            "VIOLATED serve spec.template.spec.containers[0].resources.limits.memory: can"
                + " take all memory of the node and bring its other pods down",
            "VIOLATED serve spec.template.spec.tolerations: tolerates no taint of nodes"
                + " with accelerators, so it is never placed on them",
            "VIOLATED serve spec.template.spec.nodeSelector: takes whichever accelerator"
                + " is free, also the dearest");
  }

  @Test
  void violatedByARequestThatIsNotTheLimit() {
    assertThat(
            check(
                Workloads.deployment(
                    "containers: [{resources: {requests: {nvidia.com/gpu: 1}, limits:"
                        + " {memory: 1Gi}}}, {resources: {requests: {nvidia.com/gpu: 1}, limits:"
                        + " {nvidia.com/gpu: 2, memory: 1Gi}}}], tolerations: [{key:"
                        + " nvidia.com/gpu, operator: Exists}], nodeSelector: {gpu: l4}")))
        .containsExactly(
            "VIOLATED serve spec.template.spec.containers[0].resources.limits[\"nvidia.com/gpu\"]:"
                + " is not what it requests, which Kubernetes refuses: accelerators are not shared",
            "COMPLIANT serve spec.template.spec.containers[0].resources.limits.memory",
            "VIOLATED serve spec.template.spec.containers[1].resources.limits[\"nvidia.com/gpu\"]:"
                + " is not what it requests, which Kubernetes refuses: accelerators are not shared",
            "COMPLIANT serve spec.template.spec.containers[1].resources.limits.memory",
            "COMPLIANT serve spec.template.spec.tolerations",
            "COMPLIANT serve spec.template.spec.nodeSelector");
  }

  @Test
  void violatedByATolerationOfSomethingElse() {
    assertThat(
            check(
                Workloads.deployment(
                    "containers: [{resources: {limits: {nvidia.com/gpu: 1, memory:"
                        + " 32Gi}}}], tolerations: [{key: spot, operator: Exists}],"
                        + " nodeSelector: {gpu: l4}")))
        .containsExactly(
            "COMPLIANT serve spec.template.spec.containers[0].resources.limits[\"nvidia.com/gpu\"]",
            "COMPLIANT serve spec.template.spec.containers[0].resources.limits.memory",
            "VIOLATED serve spec.template.spec.tolerations: tolerates no taint of nodes"
                + " with accelerators, so it is never placed on them",
            "COMPLIANT serve spec.template.spec.nodeSelector");
  }

  @Test
  void undecidedWhenKnownOnlyWhenDeployed() {
    assertThat(
            check(
                Workloads.deployment(
                    "containers: [{resources: {limits: {nvidia.com/gpu: 1, memory:"
                        + " 32Gi}}}], tolerations: "
                        + UNKNOWN
                        + ", nodeSelector: "
                        + UNKNOWN
                        + "")))
        .containsExactly(
            "COMPLIANT serve spec.template.spec.containers[0].resources.limits[\"nvidia.com/gpu\"]",
            "COMPLIANT serve spec.template.spec.containers[0].resources.limits.memory",
            "UNDECIDED serve spec.template.spec.tolerations: is known only when deployed",
            "UNDECIDED serve spec.template.spec.nodeSelector: is known only when deployed");
  }

  @Test
  void undecidedWhenItsResourcesAreNotKnown() {
    assertThat(check(Workloads.deployment("containers: [{resources: " + UNKNOWN + "}]")))
        .containsExactly(
            "UNDECIDED serve spec.template.spec.containers[0].resources: is known only"
                + " when deployed");
  }

  @Test
  void notApplicableWithoutAnAccelerator() {
    assertThat(
            check(
                Workloads.deployment(
                    "containers: [{resources: {limits: {memory: 1Gi, nvidia.com/gpu: 0}}}]")))
        .isEmpty();
  }

  @Test
  void violatedByATolerationWithAnotherValue() {
    assertThat(
            check(
                Workloads.deployment(
                    "containers: [{resources: {limits: {nvidia.com/gpu: 1, memory:"
                        + " 32Gi}}}], tolerations: [{key: pool, value: batch}],"
                        + " nodeSelector: {gpu: l4}")))
        .contains(
            "VIOLATED serve spec.template.spec.tolerations: tolerates no taint of nodes"
                + " with accelerators, so it is never placed on them");
  }

  private static List<String> check(Model model) {
    return Checks.of(new GpuQuartet(), model);
  }
}
