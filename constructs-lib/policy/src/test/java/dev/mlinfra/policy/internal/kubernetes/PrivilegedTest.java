package dev.mlinfra.policy.internal.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import dev.mlinfra.policy.internal.PulumiStates;
import dev.mlinfra.template.Model;
import java.util.List;
import org.junit.jupiter.api.Test;

class PrivilegedTest {

  @Test
  void compliantWithoutPrivileges() {
    assertThat(
            check(
                Workloads.deployment(
                    "containers: [{name: a}, {name: b, securityContext: {privileged: false}}]")))
        .containsExactly(
            "COMPLIANT serve spec.template.spec.containers[0].securityContext.privileged",
            "COMPLIANT serve spec.template.spec.containers[1].securityContext.privileged");
  }

  @Test
  void violatedByAPrivilegedContainer() {
    assertThat(check(Workloads.deployment("containers: [{securityContext: {privileged: true}}]")))
        .containsExactly(
            "VIOLATED serve spec.template.spec.containers[0].securityContext.privileged:"
                + " lets the container do everything on its node");
  }

  @Test
  void violatedByAnInitialContainer() {
    assertThat(
            check(Workloads.deployment("initContainers: [{securityContext: {privileged: true}}]")))
        .containsExactly(
            "VIOLATED serve spec.template.spec.initContainers[0].securityContext.privileged: lets"
                + " the container do everything on its node");
  }

  @Test
  void violatedByAProcessOfTheHost() {
    assertThat(
            check(Workloads.deployment("securityContext: {windowsOptions: {hostProcess: true}}")))
        .containsExactly(
            "VIOLATED serve spec.template.spec.securityContext.windowsOptions.hostProcess:"
                + " lets the container do everything on its node");
  }

  @Test
  void violatedByAWorkloadAmongAgents() {
    assertThat(
            check(
                Workloads.agent(
                    "containers: [{securityContext: {privileged: true}, resources:"
                        + " {limits: {nvidia.com/gpu: 1}}}]")))
        .containsExactly(
            "VIOLATED agent spec.template.spec.containers[0].securityContext.privileged:"
                + " lets the container do everything on its node");
  }

  @Test
  void violatedByAPatch() {
    assertThat(check(Workloads.patch("containers: [{securityContext: {privileged: true}}]")))
        .containsExactly(
            "VIOLATED serve spec.template.spec.containers[0].securityContext.privileged:"
                + " lets the container do everything on its node");
  }

  @Test
  void undecidedWhenKnownOnlyWhenDeployed() {
    assertThat(
            check(
                Workloads.deployment(
                    "containers: [{securityContext: {privileged: " + PulumiStates.UNKNOWN + "}}]")))
        .containsExactly(
            "UNDECIDED serve spec.template.spec.containers[0].securityContext.privileged:"
                + " is known only when deployed");
  }

  @Test
  void undecidedWhenTheContainersAreNotKnown() {
    assertThat(check(Workloads.deployment("containers: " + PulumiStates.UNKNOWN + "")))
        .containsExactly(
            "UNDECIDED serve spec.template.spec.containers.securityContext.privileged: is"
                + " known only when deployed",
            "UNDECIDED serve"
                + " spec.template.spec.containers.securityContext.windowsOptions.hostProcess: is"
                + " known only when deployed");
  }

  @Test
  void notApplicableToAgentsOfNodes() {
    assertThat(check(Workloads.agent("containers: [{securityContext: {privileged: true}}]")))
        .isEmpty();
  }

  private static List<String> check(Model model) {
    return Checks.of(new Privileged(), model);
  }
}
