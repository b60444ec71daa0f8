package dev.mlinfra.cost.internal.pulumi.azure;

import dev.mlinfra.cost.internal.pulumi.PulumiPricer;
import java.util.List;

/** The pricers of Azure. */
public final class AzurePricers {
  /** All of them. */
  public static final List<PulumiPricer> ALL =
      List.of(
          new AgentPoolPricer(),
          new ComputePricer(),
          new ManagedClusterPricer(),
          new OnlineDeploymentPricer(),
          new RegistryPricer(),
          new ScaleSetPricer(),
          new StorageAccountPricer(),
          new VirtualMachinePricer());

  private AzurePricers() {}
}
