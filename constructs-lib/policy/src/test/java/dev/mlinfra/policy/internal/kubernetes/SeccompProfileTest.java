package dev.mlinfra.policy.internal.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import dev.mlinfra.policy.internal.PulumiStates;
import dev.mlinfra.template.Model;
import java.util.List;
import org.junit.jupiter.api.Test;

class SeccompProfileTest {

  @Test
  void compliantForAllContainersOfThePod() {
    assertThat(
            check(
                Workloads.deployment(
                    "securityContext: {seccompProfile: {type: RuntimeDefault}},"
                        + " containers: [{name: a}]")))
        .containsExactly("COMPLIANT serve spec.template.spec.securityContext.seccompProfile.type");
  }

  @Test
  void violatedWithout() {
    assertThat(check(Workloads.deployment("containers: [{name: a}]")))
        .containsExactly(
            "VIOLATED serve spec.template.spec.containers[0].securityContext.seccompProfile.type:"
                + " lets the container call everything of the kernel");
  }

  @Test
  void violatedByAContainerThatSwitchesItOff() {
    assertThat(
            check(
                Workloads.deployment(
                    "securityContext: {seccompProfile: {type: RuntimeDefault}}, containers:"
                        + " [{securityContext: {seccompProfile: {type: Unconfined}}}]")))
        .containsExactly(
            "COMPLIANT serve spec.template.spec.securityContext.seccompProfile.type",
            "VIOLATED serve spec.template.spec.containers[0].securityContext.seccompProfile.type:"
                + " lets the container call everything of the kernel");
  }

  @Test
  void undecidedWhenKnownOnlyWhenDeployed() {
    assertThat(
            check(
                Workloads.deployment(
                    "containers: [{securityContext: {seccompProfile: {type: "
                        + PulumiStates.UNKNOWN
                        + "}}}]")))
        .containsExactly(
            "UNDECIDED serve spec.template.spec.containers[0].securityContext.seccompProfile.type:"
                + " is known only when deployed");
  }

  @Test
  void notApplicableToWindows() {
    assertThat(check(Workloads.deployment("os: {name: windows}, containers: [{name: a}]")))
        .isEmpty();
  }

  @Test
  void violatedByAPatchThatSwitchesItOff() {
    assertThat(check(Workloads.patch("securityContext: {seccompProfile: {type: Unconfined}}")))
        .containsExactly(
            "VIOLATED serve spec.template.spec.securityContext.seccompProfile.type: lets the"
                + " container call everything of the kernel");
  }

  @Test
  void notApplicableToAPatchThatLeavesItAsItIs() {
    assertThat(check(Workloads.patch("containers: [{name: a}]"))).isEmpty();
  }

  private static List<String> check(Model model) {
    return Checks.of(new SeccompProfile(), model);
  }
}
