package dev.mlinfra.cost.internal.pulumi.runpod;

import dev.mlinfra.cost.internal.pulumi.PulumiPricer;
import java.util.List;

/** The pricers of RunPod. */
public final class RunPodPricers {
  /** All of them. */
  public static final List<PulumiPricer> ALL =
      List.of(new EndpointPricer(), new NetworkVolumePricer(), new PodPricer());

  private RunPodPricers() {}
}
