package dev.mlinfra.cost.internal.pulumi.gcp;

import dev.mlinfra.cost.internal.pulumi.Cloud;
import dev.mlinfra.cost.internal.pulumi.Inputs;
import dev.mlinfra.cost.internal.pulumi.NodePricer;
import dev.mlinfra.cost.internal.pulumi.NotPriced;
import dev.mlinfra.cost.internal.pulumi.Rate;
import dev.mlinfra.template.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Clusters of GKE: the fee, and the pools that the cluster itself describes. */
final class ClusterPricer implements NodePricer {
  static final String TYPE = "gcp:container/cluster:Cluster";

  @Override
  public Set<String> types() {
    return Set.of(TYPE);
  }

  @Override
  public void price(Inputs in) {
    in.part(
        () ->
            in.bill()
                .always(
                    "management fee",
                    Optional.of(in.price(Cloud.GCP, "gke", "cluster management fee")),
                    730,
                    "1 cluster x 730 h, before the free credit of a billing account"));
    if (in.at("enableAutopilot").asBoolean().orElse(false)) {
      throw new NotPriced("no source for pods of Autopilot, which bills what they ask for");
    }
    for (Value pool : pools(in)) {
      in.part(() -> Nodes.bill(in, pool, Zones.ofCluster(in)));
    }
    if (in.at("clusterAutoscaling.enabled").asBoolean().orElse(false)) {
      throw new NotPriced("pools that the cluster adds by itself: their machines are not known");
    }
  }

  @Override
  public List<Rate> nodes(Inputs in) {
    List<Rate> rates = new ArrayList<>();
    for (Value pool : pools(in)) {
      rates.add(Nodes.rate(in, pool.entry("nodeConfig")));
    }
    return rates;
  }

  /**
   * The first pool is described by the cluster itself, unless it is removed or others are given.
   */
  private static List<Value> pools(Inputs in) {
    Value pools = in.at("nodePools");
    if (pools.isSymbolic()) {
      throw Inputs.unusable(pools, "nodePools");
    }
    boolean none =
        in.at("removeDefaultNodePool").asBoolean().orElse(false)
            || in.at("enableAutopilot").asBoolean().orElse(false);
    if (!pools.asList().isEmpty()) {
      return pools.asList();
    }
    return none ? List.of() : List.of(in.bill().model().properties(in.resource()));
  }
}
