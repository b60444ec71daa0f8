package dev.mlinfra.policy.internal.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import dev.mlinfra.policy.internal.PulumiStates;
import dev.mlinfra.template.Model;
import java.util.List;
import org.junit.jupiter.api.Test;

class HostPathTest {

  @Test
  void compliantWithAnotherVolume() {
    assertThat(check(Workloads.deployment("volumes: [{name: cache, emptyDir: {}}]")))
        .containsExactly("COMPLIANT serve spec.template.spec.volumes[0].hostPath");
  }

  @Test
  void violatedByAPathOfTheNode() {
    assertThat(check(Workloads.deployment("volumes: [{name: dev, hostPath: {path: /dev}}]")))
        .containsExactly(
            "VIOLATED serve spec.template.spec.volumes[0].hostPath: mounts files of the node");
  }

  @Test
  void undecidedWhenTheVolumesAreNotKnown() {
    assertThat(check(Workloads.deployment("volumes: " + PulumiStates.UNKNOWN + "")))
        .containsExactly(
            "UNDECIDED serve spec.template.spec.volumes.hostPath: is known only when deployed");
  }

  @Test
  void notApplicableWithoutVolumes() {
    assertThat(check(Workloads.deployment("containers: [{name: a}]"))).isEmpty();
  }

  @Test
  void notApplicableToAgentsOfNodes() {
    assertThat(check(Workloads.agent("volumes: [{hostPath: {path: /dev}}]"))).isEmpty();
  }

  private static List<String> check(Model model) {
    return Checks.of(new HostPath(), model);
  }
}
