package dev.mlinfra.cost.internal.pulumi.azure;

import dev.mlinfra.cost.internal.pulumi.Cloud;
import dev.mlinfra.cost.internal.pulumi.Inputs;
import dev.mlinfra.cost.internal.pulumi.NodePricer;
import dev.mlinfra.cost.internal.pulumi.NotPriced;
import dev.mlinfra.cost.internal.pulumi.Rate;
import dev.mlinfra.template.Value;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Clusters of AKS: the tier of their control plane, and the pools that they come with. */
final class ManagedClusterPricer implements NodePricer {
  @Override
  public Set<String> types() {
    return Set.of(
        "azure-native:containerservice:ManagedCluster",
        "azure:containerservice/kubernetesCluster:KubernetesCluster");
  }

  @Override
  public void price(Inputs in) {
    in.part(() -> tier(in));
    Value profiles = in.at("agentPoolProfiles");
    if (profiles.isSymbolic()) {
      throw Inputs.unusable(profiles, "agentPoolProfiles");
    }
    pools(in).forEach(pool -> AgentPools.bill(in, pool));
  }

  @Override
  public List<Rate> nodes(Inputs in) {
    return pools(in).stream().map(pool -> AgentPools.rate(in, pool)).toList();
  }

  private static List<Value> pools(Inputs in) {
    return Inputs.isAbsent(in.at("defaultNodePool"))
        ? in.at("agentPoolProfiles").asList()
        : List.of(in.at("defaultNodePool"));
  }

  private static void tier(Inputs in) {
    String tier = Inputs.text(in.first("sku.tier", "skuTier"), "sku.tier").orElse("Free");
    switch (tier) {
      case "Free" -> in.bill().free("the Free tier has no charge for the control plane");
      case "Standard", "Paid" ->
          in.bill()
              .always(
                  "control plane",
                  Optional.of(in.price(Cloud.AZURE, "aks", "Standard tier (uptime SLA)")),
                  730,
                  "1 cluster x 730 h in the Standard tier");
      default -> throw new NotPriced("no source for the %s tier of AKS".formatted(tier));
    }
  }
}
