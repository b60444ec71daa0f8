package dev.mlinfra.cost.internal.pulumi.aws;

import dev.mlinfra.cost.internal.pulumi.PulumiPricer;
import java.util.List;

/** The pricers of AWS where Pulumi makes it. */
public final class AwsPricers {
  /** All of them. */
  public static final List<PulumiPricer> ALL =
      List.of(
          new BucketPricer(),
          new EksClusterPricer(),
          new EksNodeGroupPricer(),
          new InstancePricer());

  private AwsPricers() {}
}
