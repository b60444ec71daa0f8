package dev.mlinfra.policy.internal.kubernetes;

import static dev.mlinfra.policy.internal.PulumiStates.UNKNOWN;
import static dev.mlinfra.policy.internal.PulumiStates.resource;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import dev.mlinfra.policy.internal.PulumiStates;
import dev.mlinfra.template.Model;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NetworkPolicyTest {

  @Test
  void compliantWhenAllIsDenied() {
    assertThat(
            check(
                PulumiStates.of(
                    Workloads.namespace("ml", ""),
                    resource(
                        Workloads.DEPLOYMENT,
                        "serve",
                        Workloads.template("ml", "containers: [{name: a}]")),
                    resource(
                        "kubernetes:networking.k8s.io/v1:NetworkPolicy",
                        "deny",
                        "metadata: {namespace: ml}, spec: {podSelector: {}, policyTypes:"
                            + " [Ingress, Egress]}"))))
        .containsExactly("COMPLIANT ml");
  }

  @Test
  void compliantWhenOnlySomeMayComeIn() {
    assertThat(
            check(
                PulumiStates.of(
                    Workloads.namespace("ml", ""),
                    resource(
                        Workloads.DEPLOYMENT,
                        "serve",
                        Workloads.template("ml", "containers: [{name: a}]")),
                    resource(
                        "kubernetes:networking.k8s.io/v1:NetworkPolicy",
                        "deny",
                        "metadata: {namespace: ml}, spec: {podSelector: {}, ingress:"
                            + " [{from: [{podSelector: {}}]}]}"))))
        .containsExactly("COMPLIANT ml");
  }

  @Test
  void violatedWithoutAPolicy() {
    assertThat(
            check(
                PulumiStates.of(
                    Workloads.namespace("ml", ""),
                    resource(
                        Workloads.DEPLOYMENT,
                        "serve",
                        Workloads.template("ml", "containers: [{name: a}]")))))
        .containsExactly("VIOLATED ml: everything in the cluster may reach the pods of ml");
  }

  @Test
  void violatedWhenAPolicyIsForSomePodsOnly() {
    assertThat(
            check(
                PulumiStates.of(
                    Workloads.namespace("ml", ""),
                    resource(
                        Workloads.DEPLOYMENT,
                        "serve",
                        Workloads.template("ml", "containers: [{name: a}]")),
                    resource(
                        "kubernetes:networking.k8s.io/v1:NetworkPolicy",
                        "deny",
                        "metadata: {namespace: ml}, spec: {podSelector: {matchLabels:"
                            + " {app: a}}, policyTypes: [Ingress]}"))))
        .containsExactly("VIOLATED ml: everything in the cluster may reach the pods of ml");
  }

  @Test
  void violatedWhenAPolicyLetsAllIn() {
    assertThat(
            check(
                PulumiStates.of(
                    Workloads.namespace("ml", ""),
                    resource(
                        Workloads.DEPLOYMENT,
                        "serve",
                        Workloads.template("ml", "containers: [{name: a}]")),
                    resource(
                        "kubernetes:networking.k8s.io/v1:NetworkPolicy",
                        "deny",
                        "metadata: {namespace: ml}, spec: {podSelector: {}, ingress: [{}]}"))))
        .containsExactly("VIOLATED ml: everything in the cluster may reach the pods of ml");
  }

  @Test
  void violatedWhenAPolicyIsForWhatGoesOut() {
    assertThat(
            check(
                PulumiStates.of(
                    Workloads.namespace("ml", ""),
                    resource(
                        Workloads.DEPLOYMENT,
                        "serve",
                        Workloads.template("ml", "containers: [{name: a}]")),
                    resource(
                        "kubernetes:networking.k8s.io/v1:NetworkPolicy",
                        "deny",
                        "metadata: {namespace: ml}, spec: {podSelector: {}, policyTypes:"
                            + " [Egress]}"))))
        .containsExactly("VIOLATED ml: everything in the cluster may reach the pods of ml");
  }

  @Test
  void undecidedWhenThePolicyIsNotKnown() {
    assertThat(
            check(
                PulumiStates.of(
                    Workloads.namespace("ml", ""),
                    resource(
                        Workloads.DEPLOYMENT,
                        "serve",
                        Workloads.template("ml", "containers: [{name: a}]")),
                    resource(
                        "kubernetes:networking.k8s.io/v1:NetworkPolicy",
                        "deny",
                        "metadata: {namespace: ml}, spec: {podSelector: " + UNKNOWN + "}"))))
        .containsExactly("UNDECIDED ml: who may reach the pods of ml is known only when deployed");
  }

  @Test
  void undecidedWhenThePolicyMayBeOfAnotherNamespace() {
    assertThat(
            check(
                PulumiStates.of(
                    Workloads.namespace("ml", ""),
                    resource(
                        Workloads.DEPLOYMENT,
                        "serve",
                        Workloads.template("ml", "containers: [{name: a}]")),
                    resource(
                        "kubernetes:networking.k8s.io/v1:NetworkPolicy",
                        "deny",
                        "metadata: {namespace: " + UNKNOWN + "}, spec: {podSelector: {}}"))))
        .containsExactly("UNDECIDED ml: who may reach the pods of ml is known only when deployed");
  }

  @Test
  void undecidedWhenAnotherKindOfPolicyMayDeny() {
    assertThat(
            check(
                PulumiStates.of(
                    Workloads.namespace("ml", ""),
                    resource(
                        Workloads.DEPLOYMENT,
                        "serve",
                        Workloads.template("ml", "containers: [{name: a}]")),
                    resource("kubernetes:cilium.io/v2:CiliumNetworkPolicy", "deny", "spec: {}"))))
        .containsExactly("UNDECIDED ml: who may reach the pods of ml is known only when deployed");
  }

  @Test
  void undecidedWhenTheNamespaceIsMadeElsewhere() {
    assertThat(
            check(
                PulumiStates.of(
                    resource(
                        Workloads.DEPLOYMENT,
                        "serve",
                        Workloads.template("ml", "containers: [{name: a}]")))))
        .containsExactly(
            "UNDECIDED serve metadata.namespace: ml is made elsewhere, and perhaps its"
                + " policies too");
  }

  @Test
  void undecidedWhenTheNamespaceIsNotKnown() {
    assertThat(
            check(
                PulumiStates.of(
                    resource(
                        Workloads.DEPLOYMENT,
                        "serve",
                        Workloads.template(UNKNOWN, "containers: [{name: a}]")))))
        .containsExactly("UNDECIDED serve metadata.namespace: is known only when deployed");
  }

  @Test
  void notApplicableToANamespaceWithoutWorkloads() {
    assertThat(check(PulumiStates.of(Workloads.namespace("ml", "")))).isEmpty();
  }

  @Test
  void notApplicableToAgentsOfNodes() {
    assertThat(check(Workloads.agent("containers: [{name: a}]"))).isEmpty();
  }

  @Test
  void compliantWhenOneOfItsPoliciesDenies() {
    assertThat(check(policies("podSelector: {matchLabels: {app: a}}", "podSelector: {}")))
        .containsExactly("COMPLIANT ml");
    assertThat(check(policies("podSelector: {}", "podSelector: {matchLabels: {app: a}}")))
        .containsExactly("COMPLIANT ml");
  }

  @Test
  void violatedWhenAnotherPolicyLetsAllIn() {
    assertThat(check(policies("podSelector: {}", "podSelector: {}, ingress: [{}]")))
        .containsExactly("VIOLATED ml: everything in the cluster may reach the pods of ml");
    assertThat(check(policies("podSelector: {}, ingress: [{from: []}]", "podSelector: {}")))
        .containsExactly("VIOLATED ml: everything in the cluster may reach the pods of ml");
  }

  @Test
  void compliantWhenAnotherPolicyOpensAPortOrSomePods() {
    assertThat(
            check(
                policies(
                    "podSelector: {}",
                    "podSelector: {}, ingress: [{ports: [{port: 8080}]}]",
                    "podSelector: {matchLabels: {app: a}}, ingress: [{}]")))
        .containsExactly("COMPLIANT ml");
  }

  @Test
  void undecidedWhenTheSpecificationOfThePolicyIsNotKnown() {
    assertThat(
            check(
                PulumiStates.of(
                    Workloads.namespace("ml", ""),
                    resource(
                        Workloads.DEPLOYMENT,
                        "serve",
                        Workloads.template("ml", "containers: [{name: a}]")),
                    resource(
                        "kubernetes:networking.k8s.io/v1:NetworkPolicy",
                        "deny",
                        "metadata: {namespace: ml}, spec: " + UNKNOWN))))
        .containsExactly("UNDECIDED ml: who may reach the pods of ml is known only when deployed");
  }

  /** A namespace with a workload and policies that have these specifications. */
  private static Model policies(String... specs) {
    List<String> resources =
        new ArrayList<>(
            List.of(
                Workloads.namespace("ml", ""),
                resource(
                    Workloads.DEPLOYMENT,
                    "serve",
                    Workloads.template("ml", "containers: [{name: a}]"))));
    for (String spec : specs) {
      resources.add(
          resource(
              "kubernetes:networking.k8s.io/v1:NetworkPolicy",
              "policy" + resources.size(),
              "metadata: {namespace: ml}, spec: {" + spec + "}"));
    }
    return PulumiStates.of(resources.toArray(new String[0]));
  }

  private static List<String> check(Model model) {
    return Checks.of(new NetworkPolicy(), model);
  }
}
