package dev.mlinfra.policy.internal.kubernetes;

import static dev.mlinfra.policy.internal.PulumiStates.UNKNOWN;
import static dev.mlinfra.policy.internal.PulumiStates.resource;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import dev.mlinfra.policy.internal.PulumiStates;
import dev.mlinfra.template.Model;
import java.util.List;
import org.junit.jupiter.api.Test;

class TokenMountTest {

  @Test
  void compliantWhenThePodDoesNotMountIt() {
    assertThat(check(Workloads.deployment("automountServiceAccountToken: false")))
        .containsExactly("COMPLIANT serve spec.template.spec.automountServiceAccountToken");
  }

  @Test
  void compliantWhenTheAccountSaysSo() {
    assertThat(
            check(
                PulumiStates.of(
                    resource(
                        Workloads.DEPLOYMENT,
                        "serve",
                        Workloads.template("ml", "serviceAccountName: trainer")),
                    resource(
                        "kubernetes:core/v1:ServiceAccount",
                        "trainer",
                        "metadata: {name: trainer, namespace: ml},"
                            + " automountServiceAccountToken: false"))))
        .containsExactly("COMPLIANT serve spec.template.spec.automountServiceAccountToken");
  }

  @Test
  void compliantWhenARoleIsBound() {
    assertThat(
            check(
                PulumiStates.of(
                    resource(
                        Workloads.DEPLOYMENT,
                        "serve",
                        Workloads.template("ml", "serviceAccountName: trainer")),
                    resource(
                        "kubernetes:core/v1:ServiceAccount",
                        "trainer",
                        "metadata: {name: trainer, namespace: ml}"),
                    resource(
                        "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding",
                        "binding",
                        "metadata: {namespace: ml}, subjects: [{kind: ServiceAccount,"
                            + " name: trainer, namespace: ml}]"))))
        .containsExactly("COMPLIANT serve spec.template.spec.automountServiceAccountToken");
  }

  @Test
  void compliantWhenARoleIsBoundBesideOthersThatAreNotKnown() {
    assertThat(
            check(
                PulumiStates.of(
                    resource(
                        Workloads.DEPLOYMENT,
                        "serve",
                        Workloads.template("ml", "serviceAccountName: trainer")),
                    resource(
                        "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding",
                        "binding",
                        "subjects: [{kind: ServiceAccount, name: "
                            + UNKNOWN
                            + "}, {kind: ServiceAccount, name: trainer, namespace: ml}]"))))
        .containsExactly("COMPLIANT serve spec.template.spec.automountServiceAccountToken");
  }

  @Test
  void compliantWithAnIdentityOfACloud() {
    assertThat(
            check(
                PulumiStates.of(
                    resource(
                        Workloads.DEPLOYMENT,
                        "serve",
                        Workloads.template("ml", "serviceAccountName: trainer")),
                    resource(
                        "kubernetes:core/v1:ServiceAccount",
                        "trainer",
                        "metadata: {name: trainer, namespace: ml, annotations:"
                            + " {iam.gke.io/gcp-service-account: a@p.iam}}"))))
        .containsExactly("COMPLIANT serve spec.template.spec.automountServiceAccountToken");
  }

  @Test
  void violatedWhenTheAccountMayDoNothing() {
    assertThat(
            check(
                PulumiStates.of(
                    resource(
                        Workloads.DEPLOYMENT,
                        "serve",
                        Workloads.template("ml", "serviceAccountName: trainer")),
                    resource(
                        "kubernetes:core/v1:ServiceAccount",
                        "trainer",
                        "metadata: {name: trainer, namespace: ml}"),
                    resource(
                        "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding",
                        "binding",
                        "metadata: {namespace: ml}, subjects: [{kind: ServiceAccount,"
                            + " name: other}]"))))
        .containsExactly(
            "VIOLATED serve spec.template.spec.automountServiceAccountToken: mounts a"
                + " token of the cluster that the pod has no use for");
  }

  @Test
  void violatedByTheDefault() {
    assertThat(check(Workloads.deployment("automountServiceAccountToken: true")))
        .containsExactly(
            "VIOLATED serve spec.template.spec.automountServiceAccountToken: mounts a"
                + " token of the cluster that the pod has no use for");
  }

  @Test
  void undecidedWhenKnownOnlyWhenDeployed() {
    assertThat(check(Workloads.deployment("automountServiceAccountToken: " + UNKNOWN + "")))
        .containsExactly(
            "UNDECIDED serve spec.template.spec.automountServiceAccountToken: whether the"
                + " pod needs it is known only when deployed");
  }

  @Test
  void undecidedWhenTheAccountIsMadeElsewhere() {
    assertThat(check(Workloads.deployment("serviceAccountName: trainer")))
        .containsExactly(
            "UNDECIDED serve spec.template.spec.automountServiceAccountToken: trainer is"
                + " made elsewhere, and perhaps bound to a role");
  }

  @Test
  void undecidedWhenAnAccountIsBoundThatIsNotKnown() {
    assertThat(
            check(
                PulumiStates.of(
                    resource(
                        Workloads.DEPLOYMENT,
                        "serve",
                        Workloads.template("ml", "serviceAccountName: trainer")),
                    resource(
                        "kubernetes:core/v1:ServiceAccount",
                        "trainer",
                        "metadata: {name: trainer, namespace: ml}"),
                    resource(
                        "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding",
                        "binding",
                        "metadata: {namespace: ml}, subjects: [{kind: ServiceAccount, name: "
                            + UNKNOWN
                            + "}]"))))
        .containsExactly(
            "UNDECIDED serve spec.template.spec.automountServiceAccountToken: whether the"
                + " pod needs it is known only when deployed");
  }

  @Test
  void notApplicableToAgentsOfNodes() {
    assertThat(check(Workloads.agent("containers: []"))).isEmpty();
  }

  private static List<String> check(Model model) {
    return Checks.of(new TokenMount(), model);
  }
}
