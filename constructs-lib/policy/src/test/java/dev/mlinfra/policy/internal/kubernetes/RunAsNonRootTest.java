package dev.mlinfra.policy.internal.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import dev.mlinfra.policy.internal.PulumiStates;
import dev.mlinfra.template.Model;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunAsNonRootTest {

  @Test
  void compliantWhenThePodSaysSo() {
    assertThat(
            check(
                Workloads.deployment(
                    "securityContext: {runAsNonRoot: true, runAsUser: 1000}, containers:"
                        + " [{name: a}]")))
        .containsExactly(
            "COMPLIANT serve spec.template.spec.securityContext.runAsNonRoot",
            "COMPLIANT serve spec.template.spec.securityContext.runAsUser");
  }

  @Test
  void compliantWhenTheContainerSaysSo() {
    assertThat(check(Workloads.deployment("containers: [{securityContext: {runAsNonRoot: true}}]")))
        .containsExactly(
            "COMPLIANT serve spec.template.spec.containers[0].securityContext.runAsNonRoot");
  }

  @Test
  void violatedWhenNobodySaysSo() {
    assertThat(check(Workloads.deployment("containers: [{name: a}]")))
        .containsExactly(
            "VIOLATED serve spec.template.spec.containers[0].securityContext.runAsNonRoot:"
                + " lets the container run as root");
  }

  @Test
  void violatedWhenAContainerSaysOtherwise() {
    assertThat(
            check(
                Workloads.deployment(
                    "securityContext: {runAsNonRoot: true}, containers: [{securityContext:"
                        + " {runAsNonRoot: false}}]")))
        .containsExactly(
            "COMPLIANT serve spec.template.spec.securityContext.runAsNonRoot",
            "VIOLATED serve spec.template.spec.containers[0].securityContext.runAsNonRoot:"
                + " lets the container run as root");
  }

  @Test
  void violatedByTheNumberOfRoot() {
    assertThat(
            check(
                Workloads.deployment(
                    "securityContext: {runAsNonRoot: true}, containers: [{securityContext:"
                        + " {runAsUser: 0}}]")))
        .containsExactly(
            "COMPLIANT serve spec.template.spec.securityContext.runAsNonRoot",
            "VIOLATED serve spec.template.spec.containers[0].securityContext.runAsUser: is root");
  }

  @Test
  void undecidedWhenKnownOnlyWhenDeployed() {
    assertThat(
            check(
                Workloads.deployment(
                    "securityContext: " + PulumiStates.UNKNOWN + ", containers: [{name: a}]")))
        .containsExactly(
            "UNDECIDED serve spec.template.spec.securityContext.runAsNonRoot: is known"
                + " only when deployed",
            "UNDECIDED serve spec.template.spec.securityContext.runAsUser: is known only"
                + " when deployed");
  }

  @Test
  void notApplicableToWhatAPatchLeavesOut() {
    assertThat(check(Workloads.patch("containers: [{name: a}]"))).isEmpty();
  }

  @Test
  void notApplicableToAgentsOfNodes() {
    assertThat(check(Workloads.agent("containers: [{name: a}]"))).isEmpty();
  }

  private static List<String> check(Model model) {
    return Checks.of(new RunAsNonRoot(), model);
  }
}
