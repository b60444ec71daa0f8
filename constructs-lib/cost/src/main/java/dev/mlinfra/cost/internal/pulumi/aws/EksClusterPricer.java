package dev.mlinfra.cost.internal.pulumi.aws;

import dev.mlinfra.cost.internal.pulumi.Cloud;
import dev.mlinfra.cost.internal.pulumi.Inputs;
import dev.mlinfra.cost.internal.pulumi.PulumiPricer;
import java.util.Optional;
import java.util.Set;

/** Clusters of EKS: their control plane, on a version in standard support. */
final class EksClusterPricer implements PulumiPricer {
  @Override
  public Set<String> types() {
    return Set.of("aws:eks/cluster:Cluster", "aws-native:eks:Cluster");
  }

  @Override
  public void price(Inputs in) {
    in.bill()
        .always(
            "control plane",
            Optional.of(in.price(Cloud.AWS, "eks", "cluster standard support")),
            730,
            "1 cluster x 730 h, on a version in standard support");
  }
}
