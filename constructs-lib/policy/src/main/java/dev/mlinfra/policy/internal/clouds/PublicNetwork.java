package dev.mlinfra.policy.internal.clouds;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Control planes and workspaces are not reached from everywhere. */
final class PublicNetwork implements Rule {
  private static final Set<String> EVERYWHERE = Set.of("0.0.0.0/0", "::/0");

  @Override
  public String id() {
    return "mlinfra::clouds.public-network";
  }

  @Override
  public String requirement() {
    return "Clusters and workspaces take requests from named networks only, and nodes have"
        + " no public address.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    for (Resource workspace :
        CloudResources.of(inspection, "azure-native:machinelearningservices:Workspace")) {
      Value given = inspection.property(workspace, "publicNetworkAccess");
      outcomes.decided(
          Decide.oneOf(given, "Disabled"),
          workspace,
          "publicNetworkAccess",
          given,
          "takes requests from the whole internet",
          "set it to Disabled and reach the workspace through a private endpoint");
    }
    for (Resource cluster : CloudResources.of(inspection, "gcp:container/cluster:Cluster")) {
      Value nodes = inspection.property(cluster, "privateClusterConfig.enablePrivateNodes");
      outcomes.decided(
          Decide.isTrue(nodes),
          cluster,
          "privateClusterConfig.enablePrivateNodes",
          nodes,
          "gives every node a public address",
          "set it to true, and a Cloud NAT for what the nodes fetch");
      networks(
          cluster,
          gke(cluster, inspection),
          "masterAuthorizedNetworksConfig",
          inspection,
          outcomes);
    }
    for (Resource cluster :
        CloudResources.of(inspection, "azure-native:containerservice:ManagedCluster")) {
      networks(cluster, aks(cluster, inspection), "apiServerAccessProfile", inspection, outcomes);
    }
  }

  private static void networks(
      Resource cluster, Verdict verdict, String path, Inspection inspection, Outcomes.Of outcomes) {
    outcomes.decided(
        verdict,
        cluster,
        path,
        inspection.property(cluster, path),
        "lets the whole internet reach the control plane",
        "name the networks that may, or make the control plane private");
  }

  private static Verdict gke(Resource cluster, Inspection inspection) {
    Value allowed = inspection.property(cluster, "masterAuthorizedNetworksConfig");
    List<Verdict> blocks =
        allowed.entry("cidrBlocks").asList().stream()
            .map(it -> Decide.text(it.entry("cidrBlock"), range -> !EVERYWHERE.contains(range)))
            .toList();
    Verdict named = allowed.isSymbolic() ? Verdict.UNDECIDED : Verdict.worst(blocks);
    return best(
        Decide.isAbsent(allowed) ? Verdict.VIOLATED : named,
        Decide.isTrue(inspection.property(cluster, "privateClusterConfig.enablePrivateEndpoint")),
        Decide.oneOf(
            inspection.property(cluster, "controlPlaneEndpointsConfig.ipEndpointsConfig.enabled"),
            "false"));
  }

  private static Verdict aks(Resource cluster, Inspection inspection) {
    Value ranges = inspection.property(cluster, "apiServerAccessProfile.authorizedIPRanges");
    List<Verdict> each =
        Decide.items(ranges).stream()
            .map(it -> Decide.text(it, range -> !EVERYWHERE.contains(range)))
            .toList();
    return best(
        each.isEmpty() ? Verdict.VIOLATED : Verdict.worst(each),
        Decide.isTrue(inspection.property(cluster, "apiServerAccessProfile.enablePrivateCluster")));
  }

  private static Verdict best(Verdict... ways) {
    return Stream.of(ways).min(Comparator.naturalOrder()).orElse(Verdict.VIOLATED);
  }
}
