package dev.mlinfra.policy.internal.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import dev.mlinfra.policy.internal.PulumiStates;
import dev.mlinfra.template.Model;
import java.util.List;
import org.junit.jupiter.api.Test;

class CapabilitiesTest {

  @Test
  void compliantWithNoneButALowPort() {
    assertThat(
            check(
                Workloads.deployment(
                    "containers: [{securityContext: {capabilities: {drop: [ALL], add:"
                        + " [NET_BIND_SERVICE]}}}]")))
        .containsExactly(
            "COMPLIANT serve spec.template.spec.containers[0].securityContext.capabilities.drop",
            "COMPLIANT serve spec.template.spec.containers[0].securityContext.capabilities.add");
  }

  @Test
  void violatedByWhatIsNotDropped() {
    assertThat(
            check(
                Workloads.deployment(
                    "containers: [{securityContext: {capabilities: {drop: [NET_RAW]}}},"
                        + " {name: b}]")))
        .containsExactly(
            "VIOLATED serve spec.template.spec.containers[0].securityContext.capabilities.drop:"
                + " does not drop all capabilities",
            "VIOLATED serve spec.template.spec.containers[1].securityContext.capabilities.drop:"
                + " does not drop all capabilities");
  }

  @Test
  void violatedByWhatIsAdded() {
    assertThat(
            check(
                Workloads.deployment(
                    "containers: [{securityContext: {capabilities: {drop: [ALL], add:"
                        + " [SYS_ADMIN]}}}]")))
        .containsExactly(
            "COMPLIANT serve spec.template.spec.containers[0].securityContext.capabilities.drop",
            "VIOLATED serve spec.template.spec.containers[0].securityContext.capabilities.add:"
                + " gives the container a power of root");
  }

  @Test
  void undecidedWhenKnownOnlyWhenDeployed() {
    assertThat(
            check(
                Workloads.deployment(
                    "containers: [{securityContext: {capabilities: {drop: ["
                        + PulumiStates.UNKNOWN
                        + "], add: ["
                        + PulumiStates.UNKNOWN
                        + "]}}}]")))
        .containsExactly(
            "UNDECIDED serve spec.template.spec.containers[0].securityContext.capabilities.drop: is"
                + " known only when deployed",
            "UNDECIDED serve spec.template.spec.containers[0].securityContext.capabilities.add: is"
                + " known only when deployed");
  }

  @Test
  void notApplicableToWindows() {
    assertThat(check(Workloads.deployment("os: {name: windows}, containers: [{name: a}]")))
        .isEmpty();
  }

  @Test
  void notApplicableToWhatAPatchLeavesOut() {
    assertThat(check(Workloads.patch("containers: [{name: a}]"))).isEmpty();
  }

  private static List<String> check(Model model) {
    return Checks.of(new Capabilities(), model);
  }
}
