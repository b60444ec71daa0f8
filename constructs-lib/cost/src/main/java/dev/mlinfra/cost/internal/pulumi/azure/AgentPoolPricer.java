package dev.mlinfra.cost.internal.pulumi.azure;

import dev.mlinfra.cost.internal.pulumi.Inputs;
import dev.mlinfra.cost.internal.pulumi.NodePricer;
import dev.mlinfra.cost.internal.pulumi.Rate;
import java.util.List;
import java.util.Set;

/** Pools of nodes that are added to an AKS cluster. */
final class AgentPoolPricer implements NodePricer {
  @Override
  public Set<String> types() {
    return Set.of(
        "azure-native:containerservice:AgentPool",
        "azure:containerservice/kubernetesClusterNodePool:KubernetesClusterNodePool");
  }

  @Override
  public void price(Inputs in) {
    AgentPools.bill(in, in.bill().model().properties(in.resource()));
  }

  @Override
  public List<Rate> nodes(Inputs in) {
    return List.of(AgentPools.rate(in, in.bill().model().properties(in.resource())));
  }
}
