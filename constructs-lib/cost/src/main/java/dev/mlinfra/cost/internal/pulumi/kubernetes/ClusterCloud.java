package dev.mlinfra.cost.internal.pulumi.kubernetes;

import dev.mlinfra.cost.internal.pulumi.Cloud;
import dev.mlinfra.cost.internal.pulumi.Inputs;
import dev.mlinfra.cost.internal.pulumi.PulumiPricers;
import dev.mlinfra.template.Resource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The cloud that a cluster runs in: a graph with objects of Kubernetes does not say it, but one
 * that also makes the cluster does.
 *
 * @param cloud the cloud
 * @param cluster the cluster
 */
record ClusterCloud(Cloud cloud, Inputs cluster) {
  private static final Map<String, Cloud> CLUSTERS =
      Map.of(
          "gcp:container/cluster:Cluster", Cloud.GCP,
          "azure-native:containerservice:ManagedCluster", Cloud.AZURE,
          "azure:containerservice/kubernetesCluster:KubernetesCluster", Cloud.AZURE,
          "aws:eks/cluster:Cluster", Cloud.AWS,
          "aws-native:eks:Cluster", Cloud.AWS);

  /** The cloud of an object, when its environment has exactly one cluster. */
  static Optional<ClusterCloud> of(Inputs object) {
    List<Resource> clusters =
        Environment.resources(object)
            .filter(it -> CLUSTERS.containsKey(PulumiPricers.type(it)))
            .toList();
    return clusters.size() == 1
        ? Optional.of(
            new ClusterCloud(
                CLUSTERS.get(PulumiPricers.type(clusters.get(0))), object.of(clusters.get(0))))
        : Optional.empty();
  }
}
