package dev.mlinfra.policy.internal.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import dev.mlinfra.policy.internal.PulumiStates;
import dev.mlinfra.template.Model;
import java.util.List;
import org.junit.jupiter.api.Test;

class PrivilegeEscalationTest {

  @Test
  void compliantWhenForbidden() {
    assertThat(
            check(
                Workloads.deployment(
                    "containers: [{securityContext: {allowPrivilegeEscalation: false}}]")))
        .containsExactly(
            "COMPLIANT serve"
                + " spec.template.spec.containers[0].securityContext.allowPrivilegeEscalation");
  }

  @Test
  void violatedWhenNotForbidden() {
    assertThat(
            check(
                Workloads.deployment(
                    "containers: [{name: a}, {securityContext: {allowPrivilegeEscalation:"
                        + " true}}]")))
        .containsExactly(
            "VIOLATED serve"
                + " spec.template.spec.containers[0].securityContext.allowPrivilegeEscalation: lets"
                + " a program with the setuid bit become root",
            "VIOLATED serve"
                + " spec.template.spec.containers[1].securityContext.allowPrivilegeEscalation: lets"
                + " a program with the setuid bit become root");
  }

  @Test
  void undecidedWhenKnownOnlyWhenDeployed() {
    assertThat(
            check(
                Workloads.deployment(
                    "containers: [{securityContext: " + PulumiStates.UNKNOWN + "}]")))
        .containsExactly(
            "UNDECIDED serve"
                + " spec.template.spec.containers[0].securityContext.allowPrivilegeEscalation: is"
                + " known only when deployed");
  }

  @Test
  void notApplicableToWindows() {
    assertThat(check(Workloads.deployment("os: {name: windows}, containers: [{name: a}]")))
        .isEmpty();
  }

  @Test
  void violatedByAPatchThatAllowsIt() {
    assertThat(
            check(
                Workloads.patch(
                    "containers: [{securityContext: {allowPrivilegeEscalation: true}}]")))
        .containsExactly(
            "VIOLATED serve"
                + " spec.template.spec.containers[0].securityContext.allowPrivilegeEscalation: lets"
                + " a program with the setuid bit become root");
  }

  @Test
  void notApplicableToAPatchThatLeavesItAsItIs() {
    assertThat(check(Workloads.patch("containers: [{name: a}]"))).isEmpty();
  }

  private static List<String> check(Model model) {
    return Checks.of(new PrivilegeEscalation(), model);
  }
}
