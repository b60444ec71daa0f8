package dev.mlinfra.cost.internal.pulumi.kubernetes;

import dev.mlinfra.cost.internal.pulumi.PulumiPricer;
import java.util.List;

/** The pricers of objects of Kubernetes. */
public final class KubernetesPricers {
  /** All of them. */
  public static final List<PulumiPricer> ALL =
      List.of(new ClaimPricer(), new JobPricer(), new ServicePricer(), new StatefulSetPricer());

  private KubernetesPricers() {}
}
