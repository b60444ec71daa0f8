package dev.mlinfra.policy.internal.clouds;

import static dev.mlinfra.policy.internal.PulumiStates.UNKNOWN;
import static dev.mlinfra.policy.internal.PulumiStates.resource;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import dev.mlinfra.policy.internal.PulumiStates;
import dev.mlinfra.template.Model;
import java.util.List;
import org.junit.jupiter.api.Test;

class PublicNetworkTest {

  @Test
  void compliantWhenPrivate() {
    assertThat(
            check(
                PulumiStates.of(
                    resource(
                        "azure-native:machinelearningservices:Workspace",
                        "ml",
                        "publicNetworkAccess: Disabled"),
                    resource(
                        "gcp:container/cluster:Cluster",
                        "gke",
                        "privateClusterConfig: {enablePrivateNodes: true, enablePrivateEndpoint: true}"),
                    resource(
                        "azure-native:containerservice:ManagedCluster",
                        "aks",
                        "apiServerAccessProfile: {enablePrivateCluster: true}"))))
        .containsExactly(
            "COMPLIANT ml publicNetworkAccess",
            "COMPLIANT gke privateClusterConfig.enablePrivateNodes",
            "COMPLIANT gke masterAuthorizedNetworksConfig",
            "COMPLIANT aks apiServerAccessProfile");
  }

  @Test
  void compliantWithNamedNetworks() {
    assertThat(
            check(
                PulumiStates.of(
                    resource(
                        "gcp:container/cluster:Cluster",
                        "gke",
                        "privateClusterConfig: {enablePrivateNodes: true}, masterAuthorizedNetworksConfig: {cidrBlocks: [{cidrBlock: 203.0.113.0/24}]}"),
                    resource(
                        "azure-native:containerservice:ManagedCluster",
                        "aks",
                        "apiServerAccessProfile: {authorizedIPRanges: [203.0.113.0/24]}"))))
        .containsExactly(
            "COMPLIANT gke privateClusterConfig.enablePrivateNodes",
            "COMPLIANT gke masterAuthorizedNetworksConfig",
            "COMPLIANT aks apiServerAccessProfile");
  }

  @Test
  void violatedWhenOpen() {
    assertThat(
            check(
                PulumiStates.of(
                    resource("azure-native:machinelearningservices:Workspace", "ml", ""),
                    resource(
                        "gcp:container/cluster:Cluster",
                        "gke",
                        "masterAuthorizedNetworksConfig: {cidrBlocks: [{cidrBlock: 0.0.0.0/0}]}"),
                    resource("azure-native:containerservice:ManagedCluster", "aks", ""))))
        .containsExactly(
            "VIOLATED ml publicNetworkAccess: takes requests from the whole internet",
            "VIOLATED gke privateClusterConfig.enablePrivateNodes: gives every node a public address",
            "VIOLATED gke masterAuthorizedNetworksConfig: lets the whole internet reach the control plane",
            "VIOLATED aks apiServerAccessProfile: lets the whole internet reach the control plane");
  }

  @Test
  void undecidedWhenKnownOnlyWhenDeployed() {
    assertThat(
            check(
                PulumiStates.of(
                    resource(
                        "azure-native:machinelearningservices:Workspace",
                        "ml",
                        "publicNetworkAccess: " + UNKNOWN + ""),
                    resource(
                        "azure-native:containerservice:ManagedCluster",
                        "aks",
                        "apiServerAccessProfile: " + UNKNOWN + ""))))
        .containsExactly(
            "UNDECIDED ml publicNetworkAccess: is known only when deployed",
            "UNDECIDED aks apiServerAccessProfile: is known only when deployed");
  }

  @Test
  void notApplicableToOtherResources() {
    assertThat(check(PulumiStates.of(resource("gcp:container/nodePool:NodePool", "gpu", ""))))
        .isEmpty();
  }

  private static List<String> check(Model model) {
    return Checks.of(new PublicNetwork(), model);
  }
}
