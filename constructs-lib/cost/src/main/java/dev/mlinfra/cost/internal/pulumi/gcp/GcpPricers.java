package dev.mlinfra.cost.internal.pulumi.gcp;

import dev.mlinfra.cost.internal.pulumi.PulumiPricer;
import java.util.List;

/** The pricers of Google Cloud. */
public final class GcpPricers {
  /** All of them. */
  public static final List<PulumiPricer> ALL =
      List.of(
          new AddressPricer(),
          new ArtifactRegistryPricer(),
          new BucketPricer(),
          new CloudRunJobPricer(),
          new CloudRunServicePricer(),
          new ClusterPricer(),
          new DiskPricer(),
          new InstanceGroupPricer(),
          new InstancePricer(),
          new NatPricer(),
          new NodePoolPricer());

  private GcpPricers() {}
}
