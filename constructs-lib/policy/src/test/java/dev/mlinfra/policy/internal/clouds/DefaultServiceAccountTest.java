package dev.mlinfra.policy.internal.clouds;

import static dev.mlinfra.policy.internal.PulumiStates.UNKNOWN;
import static dev.mlinfra.policy.internal.PulumiStates.resource;
import static dev.mlinfra.policy.internal.PulumiStates.urn;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import dev.mlinfra.policy.internal.PulumiStates;
import dev.mlinfra.template.Model;
import java.util.List;
import org.junit.jupiter.api.Test;

class DefaultServiceAccountTest {

  @Test
  void compliantWithOneOfItsOwn() {
    assertThat(
            check(
                PulumiStates.of(
                    resource(
                        "gcp:container/nodePool:NodePool",
                        "gpu",
                        "nodeConfig: {serviceAccount: nodes@p.iam.gserviceaccount.com}"))))
        .containsExactly("COMPLIANT gpu nodeConfig.serviceAccount");
  }

  @Test
  void compliantWhenTheGraphMakesIt() {
    assertThat(
            check(
                PulumiStates.of(
                    resource("gcp:serviceaccount/account:Account", "nodes", ""),
                    resource(
                        "gcp:container/nodePool:NodePool",
                        "gpu",
                        "nodeConfig: {serviceAccount: " + UNKNOWN + "}",
                        "propertyDependencies: {nodeConfig: ['"
                            + urn("gcp:serviceaccount/account:Account", "nodes")
                            + "']}"))))
        .containsExactly("COMPLIANT gpu nodeConfig.serviceAccount");
  }

  @Test
  void violatedWithout() {
    assertThat(
            check(
                PulumiStates.of(
                    resource("gcp:container/nodePool:NodePool", "gpu", ""),
                    resource("gcp:cloudrunv2/job:Job", "train", "template: {template: {}}"))))
        .containsExactly(
            "VIOLATED train template.template.serviceAccount: is the default account of"
                + " the project, which often may edit everything in it",
            "VIOLATED gpu nodeConfig.serviceAccount: is the default account of the"
                + " project, which often may edit everything in it");
  }

  @Test
  void violatedByTheDefault() {
    assertThat(
            check(
                PulumiStates.of(
                    resource(
                        "gcp:compute/instance:Instance",
                        "vm",
                        "serviceAccount: {email: 1234-compute@developer.gserviceaccount.com}"))))
        .containsExactly(
            "VIOLATED vm serviceAccount.email: is the default account of the project,"
                + " which often may edit everything in it");
  }

  @Test
  void violatedByACluster() {
    assertThat(
            check(
                PulumiStates.of(
                    resource("gcp:container/cluster:Cluster", "standard", "nodeConfig: {}"),
                    resource(
                        "gcp:container/cluster:Cluster", "autopilot", "enableAutopilot: true"))))
        .containsExactly(
            "VIOLATED standard nodeConfig.serviceAccount: is the default account of the"
                + " project, which often may edit everything in it",
            "VIOLATED autopilot clusterAutoscaling.autoProvisioningDefaults.serviceAccount: is the"
                + " default account of the project, which often may edit everything in it");
  }

  @Test
  void undecidedWhenKnownOnlyWhenDeployed() {
    assertThat(
            check(
                PulumiStates.of(
                    resource(
                        "gcp:container/nodePool:NodePool",
                        "gpu",
                        "nodeConfig: {serviceAccount: " + UNKNOWN + "}"))))
        .containsExactly("UNDECIDED gpu nodeConfig.serviceAccount: is known only when deployed");
  }

  @Test
  void notApplicableToAMachineWithoutAnAccount() {
    assertThat(
            check(
                PulumiStates.of(
                    resource("gcp:compute/instance:Instance", "vm", "machineType: g2-standard-4"))))
        .isEmpty();
  }

  @Test
  void notApplicableToAClusterWithoutItsDefaultPool() {
    assertThat(
            check(
                PulumiStates.of(
                    resource(
                        "gcp:container/cluster:Cluster",
                        "cluster",
                        "removeDefaultNodePool: true"))))
        .isEmpty();
  }

  private static List<String> check(Model model) {
    return Checks.of(new DefaultServiceAccount(), model);
  }
}
