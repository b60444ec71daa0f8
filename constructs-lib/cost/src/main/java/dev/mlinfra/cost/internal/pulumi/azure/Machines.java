package dev.mlinfra.cost.internal.pulumi.azure;

import dev.mlinfra.cost.Price;
import dev.mlinfra.cost.internal.pulumi.Cloud;
import dev.mlinfra.cost.internal.pulumi.Inputs;
import dev.mlinfra.cost.internal.pulumi.NotPriced;
import dev.mlinfra.cost.internal.pulumi.Rate;
import dev.mlinfra.template.Value;
import java.util.Set;

/** What virtual machines of Azure cost per hour, with Linux; accelerators are part of the size. */
final class Machines {
  private static final Set<String> SPOT = Set.of("Spot", "Low", "LowPriority");

  private Machines() {}

  /**
   * The rate of a size.
   *
   * @param size such as {@code Standard_NC4as_T4_v3}
   * @param name where the size stands, for reasons
   * @param priority {@code Spot} or {@code LowPriority} for what can be taken away
   */
  static Rate rate(Inputs in, Value size, String name, Value priority) {
    String machine = Inputs.text(size, name).orElseThrow(() -> new NotPriced(name + " is missing"));
    Price onDemand = in.price(Cloud.AZURE, "vm", machine);
    return priority.asText().filter(SPOT::contains).isPresent()
        ? Rate.ofSpot(machine, onDemand, in.find(Cloud.AZURE, "vm-spot", machine))
        : Rate.of(machine, onDemand);
  }

  /** The prices are of Linux; Windows costs a licence more. */
  static void refuseWindows(Value osType) {
    if (osType.asText().filter("Windows"::equalsIgnoreCase).isPresent()) {
      throw new NotPriced("no source for machines with Windows");
    }
  }
}
