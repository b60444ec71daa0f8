package dev.mlinfra.cost.internal.pulumi.gcp;

import dev.mlinfra.cost.internal.pulumi.Inputs;
import dev.mlinfra.cost.internal.pulumi.NodePricer;
import dev.mlinfra.cost.internal.pulumi.Rate;
import java.util.List;
import java.util.Set;

/** Pools of nodes of GKE: what runs at least all month, at most as far as it scales. */
final class NodePoolPricer implements NodePricer {
  @Override
  public Set<String> types() {
    return Set.of("gcp:container/nodePool:NodePool");
  }

  @Override
  public void price(Inputs in) {
    Nodes.bill(in, in.bill().model().properties(in.resource()), Zones.ofPool(in));
  }

  @Override
  public List<Rate> nodes(Inputs in) {
    return List.of(Nodes.rate(in, in.at("nodeConfig")));
  }
}
