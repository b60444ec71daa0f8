package dev.mlinfra.policy.internal.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import dev.mlinfra.policy.internal.PulumiStates;
import dev.mlinfra.template.Model;
import java.util.List;
import org.junit.jupiter.api.Test;

class KernelSettingsTest {

  @Test
  void compliantWhenNothingIsSet() {
    assertThat(check(Workloads.deployment("containers: [{name: a}]")))
        .containsExactly(
            "COMPLIANT serve spec.template.spec.containers[0].securityContext.procMount");
  }

  @Test
  void compliantWithWhatIsSafe() {
    assertThat(
            check(
                Workloads.deployment(
                    "securityContext: {sysctls: [{name: net.ipv4.tcp_syncookies, value:"
                        + " 1}], seLinuxOptions: {type: container_t}, appArmorProfile: {type:"
                        + " RuntimeDefault}}")))
        .containsExactly(
            "COMPLIANT serve spec.template.spec.securityContext.appArmorProfile.type",
            "COMPLIANT serve spec.template.spec.securityContext.seLinuxOptions.type",
            "COMPLIANT serve spec.template.spec.securityContext.sysctls[0].name");
  }

  @Test
  void violatedByAnUnmaskedProc() {
    assertThat(
            check(Workloads.deployment("containers: [{securityContext: {procMount: Unmasked}}]")))
        .containsExactly(
            "VIOLATED serve spec.template.spec.containers[0].securityContext.procMount:"
                + " shows the container what /proc hides of the node");
  }

  @Test
  void violatedByWhatSwitchesGuardsOff() {
    assertThat(
            check(
                Workloads.deployment(
                    "securityContext: {seLinuxOptions: {user: root}, appArmorProfile:"
                        + " {type: Unconfined}}")))
        .containsExactly(
            "VIOLATED serve spec.template.spec.securityContext.appArmorProfile.type:"
                + " switches AppArmor off",
            "VIOLATED serve spec.template.spec.securityContext.seLinuxOptions.user: takes"
                + " the container out of the confinement of SELinux");
  }

  @Test
  void violatedByASysctlOfTheNode() {
    assertThat(
            check(
                Workloads.deployment(
                    "securityContext: {sysctls: [{name: kernel.msgmax, value: 1}]}")))
        .containsExactly(
            "VIOLATED serve spec.template.spec.securityContext.sysctls[0].name: is a"
                + " setting that others on the node feel");
  }

  @Test
  void violatedByAnAnnotation() {
    assertThat(
            check(
                PulumiStates.of(
                    PulumiStates.resource(
                        "kubernetes:core/v1:Pod",
                        "pod",
                        "metadata: {annotations: {container.apparmor.security.beta.kubernetes.io/a:"
                            + " unconfined}}, spec: {containers: []}"))))
        .containsExactly(
            "VIOLATED pod"
                + " metadata.annotations[\"container.apparmor.security.beta.kubernetes.io/a\"]:"
                + " switches AppArmor off");
  }

  @Test
  void undecidedWhenKnownOnlyWhenDeployed() {
    assertThat(
            check(Workloads.deployment("securityContext: {sysctls: " + PulumiStates.UNKNOWN + "}")))
        .containsExactly(
            "UNDECIDED serve spec.template.spec.securityContext.sysctls: is known only"
                + " when deployed");
  }

  @Test
  void notApplicableToAgentsOfNodes() {
    assertThat(check(Workloads.agent("containers: [{securityContext: {procMount: Unmasked}}]")))
        .isEmpty();
  }

  private static List<String> check(Model model) {
    return Checks.of(new KernelSettings(), model);
  }
}
