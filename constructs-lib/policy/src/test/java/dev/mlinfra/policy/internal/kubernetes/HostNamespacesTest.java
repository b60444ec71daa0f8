package dev.mlinfra.policy.internal.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import dev.mlinfra.policy.internal.PulumiStates;
import dev.mlinfra.template.Model;
import java.util.List;
import org.junit.jupiter.api.Test;

class HostNamespacesTest {

  @Test
  void compliantWithout() {
    assertThat(check(Workloads.deployment("hostNetwork: false")))
        .containsExactly(
            "COMPLIANT serve spec.template.spec.hostNetwork",
            "COMPLIANT serve spec.template.spec.hostPID",
            "COMPLIANT serve spec.template.spec.hostIPC");
  }

  @Test
  void violatedByEach() {
    assertThat(check(Workloads.deployment("hostNetwork: true, hostPID: true, hostIPC: true")))
        .containsExactly(
            "VIOLATED serve spec.template.spec.hostNetwork: shares it with everything on the node",
            "VIOLATED serve spec.template.spec.hostPID: shares it with everything on the node",
            "VIOLATED serve spec.template.spec.hostIPC: shares it with everything on the node");
  }

  @Test
  void undecidedWhenKnownOnlyWhenDeployed() {
    assertThat(check(Workloads.deployment("hostNetwork: " + PulumiStates.UNKNOWN + "")))
        .containsExactly(
            "UNDECIDED serve spec.template.spec.hostNetwork: is known only when deployed",
            "COMPLIANT serve spec.template.spec.hostPID",
            "COMPLIANT serve spec.template.spec.hostIPC");
  }

  @Test
  void notApplicableToAgentsOfNodes() {
    assertThat(check(Workloads.agent("hostNetwork: true"))).isEmpty();
  }

  @Test
  void theFixForSharedMemoryIsAVolume() {
    assertThat(
            Checks.fixes(
                new HostNamespaces(), Workloads.deployment("hostNetwork: true, hostIPC: true")))
        .containsExactly(
            "set it to false",
            "set it to false; for shared memory mount an emptyDir of medium Memory at /dev/shm");
  }

  private static List<String> check(Model model) {
    return Checks.of(new HostNamespaces(), model);
  }
}
