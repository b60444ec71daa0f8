package dev.mlinfra.cost.internal.pulumi.azure;

import dev.mlinfra.cost.internal.pulumi.Fleet;
import dev.mlinfra.cost.internal.pulumi.Inputs;
import dev.mlinfra.cost.internal.pulumi.NotPriced;
import dev.mlinfra.cost.internal.pulumi.PulumiPricer;
import dev.mlinfra.cost.internal.pulumi.PulumiPricers;
import dev.mlinfra.cost.internal.pulumi.Text;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.util.List;
import java.util.Set;

/** Scale sets: as many machines as they have, or as their autoscale setting allows. */
final class ScaleSetPricer implements PulumiPricer {
  private static final Set<String> AUTOSCALE =
      Set.of(
          "azure-native:insights:AutoscaleSetting",
          "azure:monitoring/autoscaleSetting:AutoscaleSetting");

  @Override
  public Set<String> types() {
    return Set.of(
        "azure-native:compute:VirtualMachineScaleSet",
        "azure:compute/linuxVirtualMachineScaleSet:LinuxVirtualMachineScaleSet");
  }

  @Override
  public void price(Inputs in) {
    in.part(() -> machines(in));
    throw new NotPriced("no source for OS disks of its machines: managed disks of Azure");
  }

  private static void machines(Inputs in) {
    if (!Inputs.isAbsent(in.at("virtualMachineProfile.osProfile.windowsConfiguration"))) {
      throw new NotPriced("no source for machines with Windows");
    }
    Value sku = in.at("sku");
    Value size = sku.asText().isPresent() ? sku : sku.entry("name");
    Value priority = in.first("virtualMachineProfile.priority", "priority");
    fleet(in).bill(in, Machines.rate(in, size, "its size", priority));
  }

  private static Fleet fleet(Inputs in) {
    double count =
        Inputs.number(in.first("sku.capacity", "instances"), 0, "the number of its machines");
    List<Value> capacities =
        in.bill().model().resources().stream()
            .filter(it -> AUTOSCALE.contains(PulumiPricers.type(it)))
            .filter(it -> scales(in.of(it), in.resource()))
            .flatMap(it -> in.of(it).at("profiles").asList().stream())
            .map(profile -> profile.entry("capacity"))
            .toList();
    if (capacities.isEmpty()) {
      return Fleet.always(count, "sku.capacity " + Text.of(count));
    }
    double least = Double.MAX_VALUE;
    double most = 0;
    for (Value capacity : capacities) {
      least = Math.min(least, Inputs.number(capacity.entry("minimum"), 0, "capacity.minimum"));
      most = Math.max(most, Inputs.number(capacity.entry("maximum"), 0, "capacity.maximum"));
    }
    return Fleet.between(least, most, "capacity of its autoscale setting");
  }

  private static boolean scales(Inputs setting, Resource set) {
    return setting.linked("targetResourceUri").contains(set)
        || setting.linked("targetResourceId").contains(set);
  }
}
