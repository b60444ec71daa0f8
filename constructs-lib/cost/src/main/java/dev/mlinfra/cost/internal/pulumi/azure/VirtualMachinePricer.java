package dev.mlinfra.cost.internal.pulumi.azure;

import dev.mlinfra.cost.internal.pulumi.Fleet;
import dev.mlinfra.cost.internal.pulumi.Inputs;
import dev.mlinfra.cost.internal.pulumi.NotPriced;
import dev.mlinfra.cost.internal.pulumi.PulumiPricer;
import java.util.Set;

/** Single virtual machines, which always run; their disks have no price here. */
final class VirtualMachinePricer implements PulumiPricer {
  private static final String WINDOWS = "azure:compute/windowsVirtualMachine:WindowsVirtualMachine";

  @Override
  public Set<String> types() {
    return Set.of(
        "azure-native:compute:VirtualMachine",
        "azure:compute/linuxVirtualMachine:LinuxVirtualMachine",
        "azure:compute/virtualMachine:VirtualMachine",
        WINDOWS);
  }

  @Override
  public void price(Inputs in) {
    in.part(() -> machine(in));
    throw new NotPriced("no source for its OS disk: managed disks of Azure");
  }

  private static void machine(Inputs in) {
    if (in.resource().type().equals(WINDOWS)
        || !Inputs.isAbsent(in.first("osProfile.windowsConfiguration", "osProfileWindowsConfig"))) {
      throw new NotPriced("no source for machines with Windows");
    }
    Machines.refuseWindows(in.at("storageProfile.osDisk.osType"));
    Fleet.always(1, "one machine that always runs")
        .bill(
            in,
            Machines.rate(
                in,
                in.first("hardwareProfile.vmSize", "size", "vmSize"),
                "its size",
                in.at("priority")));
  }
}
