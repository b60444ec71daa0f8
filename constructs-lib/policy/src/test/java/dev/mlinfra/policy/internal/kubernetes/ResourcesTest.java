package dev.mlinfra.policy.internal.kubernetes;

import static dev.mlinfra.policy.internal.PulumiStates.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import dev.mlinfra.template.Model;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResourcesTest {

  @Test
  void compliantWithBoth() {
    assertThat(
            check(
                Workloads.deployment(
                    "containers: [{resources: {requests: {cpu: 1}, limits: {memory: 1Gi}}}]")))
        .containsExactly(
            "COMPLIANT serve spec.template.spec.containers[0].resources.requests.cpu",
            "COMPLIANT serve spec.template.spec.containers[0].resources.limits.memory");
  }

  @Test
  void compliantForTheWholePod() {
    assertThat(
            check(
                Workloads.deployment(
                    "resources: {limits: {cpu: 1, memory: 1Gi}}, containers: [{name: a}]")))
        .containsExactly(
            "COMPLIANT serve spec.template.spec.containers[0].resources.requests.cpu",
            "COMPLIANT serve spec.template.spec.containers[0].resources.limits.memory");
  }

  @Test
  void violatedWithout() {
    assertThat(check(Workloads.deployment("containers: [{resources: {requests: {memory: 1Gi}}}]")))
        .containsExactly(
            "VIOLATED serve spec.template.spec.containers[0].resources.requests.cpu: is"
                + " placed on nodes that have no time for it",
            "VIOLATED serve spec.template.spec.containers[0].resources.limits.memory: can"
                + " take all memory of the node and bring its other pods down");
  }

  @Test
  void undecidedWhenKnownOnlyWhenDeployed() {
    assertThat(check(Workloads.deployment("containers: [{resources: " + UNKNOWN + "}]")))
        .containsExactly(
            "UNDECIDED serve spec.template.spec.containers[0].resources.requests.cpu: is"
                + " known only when deployed",
            "UNDECIDED serve spec.template.spec.containers[0].resources.limits.memory: is"
                + " known only when deployed");
  }

  @Test
  void notApplicableToEphemeralContainers() {
    assertThat(check(Workloads.deployment("ephemeralContainers: [{name: debug}]"))).isEmpty();
  }

  @Test
  void notApplicableToTheMemoryOfWhatHasAGpu() {
    assertThat(
            check(
                Workloads.deployment(
                    "containers: [{resources: {requests: {cpu: 1}, limits:"
                        + " {nvidia.com/gpu: 1}}}]")))
        .containsExactly("COMPLIANT serve spec.template.spec.containers[0].resources.requests.cpu");
  }

  private static List<String> check(Model model) {
    return Checks.of(new Resources(), model);
  }
}
