package dev.mlinfra.policy.internal.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import dev.mlinfra.policy.internal.PulumiStates;
import dev.mlinfra.template.Model;
import java.util.List;
import org.junit.jupiter.api.Test;

class VolumeTypesTest {

  @Test
  void compliantWithWhatTheClusterManages() {
    assertThat(
            check(
                Workloads.deployment(
                    "volumes: [{name: a, emptyDir: {}}, {name: b, persistentVolumeClaim:"
                        + " {claimName: c}}]")))
        .containsExactly(
            "COMPLIANT serve spec.template.spec.volumes[0].emptyDir",
            "COMPLIANT serve spec.template.spec.volumes[1].persistentVolumeClaim");
  }

  @Test
  void violatedByAShare() {
    assertThat(
            check(Workloads.deployment("volumes: [{name: a, nfs: {server: 10.0.0.1, path: /}}]")))
        .containsExactly(
            "VIOLATED serve spec.template.spec.volumes[0].nfs: mounts storage past the"
                + " cluster's control");
  }

  @Test
  void undecidedWhenTheVolumesAreNotKnown() {
    assertThat(check(Workloads.deployment("volumes: " + PulumiStates.UNKNOWN + "")))
        .containsExactly("UNDECIDED serve spec.template.spec.volumes: is known only when deployed");
  }

  @Test
  void notApplicableToPathsOfTheNode() {
    assertThat(check(Workloads.deployment("volumes: [{name: a, hostPath: {path: /}}]"))).isEmpty();
  }

  private static List<String> check(Model model) {
    return Checks.of(new VolumeTypes(), model);
  }
}
