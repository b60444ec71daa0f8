package dev.mlinfra.policy.internal.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import dev.mlinfra.policy.internal.PulumiStates;
import dev.mlinfra.template.Model;
import java.util.List;
import org.junit.jupiter.api.Test;

class HostPortsTest {

  @Test
  void compliantWithAPortOfItsOwn() {
    assertThat(
            check(
                Workloads.deployment(
                    "containers: [{ports: [{containerPort: 8080}, {hostPort: 0}]}]")))
        .containsExactly(
            "COMPLIANT serve spec.template.spec.containers[0].ports[0].hostPort",
            "COMPLIANT serve spec.template.spec.containers[0].ports[1].hostPort");
  }

  @Test
  void violatedByAPortOfTheNode() {
    assertThat(check(Workloads.deployment("containers: [{ports: [{hostPort: 8080}]}]")))
        .containsExactly(
            "VIOLATED serve spec.template.spec.containers[0].ports[0].hostPort: takes a"
                + " port of the node, past every Service and NetworkPolicy");
  }

  @Test
  void undecidedWhenKnownOnlyWhenDeployed() {
    assertThat(
            check(
                Workloads.deployment(
                    "containers: [{ports: [{hostPort: "
                        + PulumiStates.UNKNOWN
                        + "}]}, {ports: "
                        + PulumiStates.UNKNOWN
                        + "}]")))
        .containsExactly(
            "UNDECIDED serve spec.template.spec.containers[0].ports[0].hostPort: is known"
                + " only when deployed",
            "UNDECIDED serve spec.template.spec.containers[1].ports: is known only when deployed");
  }

  @Test
  void notApplicableWithoutPorts() {
    assertThat(check(Workloads.deployment("containers: [{name: a}]"))).isEmpty();
  }

  private static List<String> check(Model model) {
    return Checks.of(new HostPorts(), model);
  }
}
