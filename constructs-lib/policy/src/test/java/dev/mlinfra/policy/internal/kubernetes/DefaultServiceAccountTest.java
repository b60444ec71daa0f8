package dev.mlinfra.policy.internal.kubernetes;

import static dev.mlinfra.policy.internal.PulumiStates.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import dev.mlinfra.template.Model;
import java.util.List;
import org.junit.jupiter.api.Test;

class DefaultServiceAccountTest {

  @Test
  void compliantWithOneOfItsOwn() {
    assertThat(check(Workloads.deployment("serviceAccountName: trainer")))
        .containsExactly("COMPLIANT serve spec.template.spec.serviceAccountName");
  }

  @Test
  void compliantWithTheOlderField() {
    assertThat(check(Workloads.deployment("serviceAccount: trainer")))
        .containsExactly("COMPLIANT serve spec.template.spec.serviceAccountName");
  }

  @Test
  void violatedWithout() {
    assertThat(check(Workloads.deployment("containers: []")))
        .containsExactly(
            "VIOLATED serve spec.template.spec.serviceAccountName: shares its identity"
                + " with every pod of the namespace that names none");
  }

  @Test
  void violatedByTheDefault() {
    assertThat(check(Workloads.deployment("serviceAccountName: default")))
        .containsExactly(
            "VIOLATED serve spec.template.spec.serviceAccountName: shares its identity"
                + " with every pod of the namespace that names none");
  }

  @Test
  void undecidedWhenKnownOnlyWhenDeployed() {
    assertThat(check(Workloads.deployment("serviceAccountName: " + UNKNOWN + "")))
        .containsExactly(
            "UNDECIDED serve spec.template.spec.serviceAccountName: is known only when deployed");
  }

  @Test
  void notApplicableToAPatch() {
    assertThat(check(Workloads.patch("containers: []"))).isEmpty();
  }

  @Test
  void notApplicableToAgentsOfNodes() {
    assertThat(check(Workloads.agent("containers: []"))).isEmpty();
  }

  private static List<String> check(Model model) {
    return Checks.of(new DefaultServiceAccount(), model);
  }
}
