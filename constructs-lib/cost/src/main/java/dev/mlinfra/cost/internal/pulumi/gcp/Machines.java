package dev.mlinfra.cost.internal.pulumi.gcp;

import dev.mlinfra.cost.Charge;
import dev.mlinfra.cost.Price;
import dev.mlinfra.cost.internal.pulumi.Cloud;
import dev.mlinfra.cost.internal.pulumi.Inputs;
import dev.mlinfra.cost.internal.pulumi.NotPriced;
import dev.mlinfra.cost.internal.pulumi.Rate;
import dev.mlinfra.cost.internal.pulumi.Text;
import dev.mlinfra.template.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What machines of Compute Engine cost per hour: the machine and the accelerators attached to it.
 * The families whose machines come with accelerators have them in their price.
 */
final class Machines {
  private static final String COMES_WITH_ACCELERATORS = "(?:a[2-9]|g[2-9])-.+";

  private static final Map<String, String> ACCELERATORS =
      Map.of(
          "nvidia-tesla-t4", "NVIDIA T4",
          "nvidia-tesla-v100", "NVIDIA V100 16GB");

  private Machines() {}

  /**
   * The rate of a machine.
   *
   * @param machine its type, perhaps as the end of a URL
   * @param accelerators a list of {@code type} and {@code count}, or of {@code acceleratorType} and
   *     {@code acceleratorCount}
   */
  static Rate rate(Inputs in, String machine, Value accelerators, boolean spot) {
    String type = lastPart(machine);
    List<Charge> onDemand = new ArrayList<>();
    List<Optional<Charge>> onSpot = new ArrayList<>();
    StringBuilder what = new StringBuilder(type);
    onDemand.add(new Charge(1, in.price(Cloud.GCP, "compute", type), type));
    onSpot.add(in.find(Cloud.GCP, "compute-spot", type).map(price -> new Charge(1, price, type)));
    if (!type.matches(COMES_WITH_ACCELERATORS)) {
      if (accelerators.isSymbolic()) {
        throw Inputs.unusable(accelerators, "guestAccelerators");
      }
      for (Value accelerator : accelerators.asList()) {
        String name = lastPart(name(accelerator));
        double count = count(accelerator);
        String item = ACCELERATORS.get(name);
        if (item == null) {
          throw in.noSource(Cloud.GCP, name + " at " + type);
        }
        what.append(" + ").append(Text.of(count)).append(" x ").append(name);
        Price price = in.price(Cloud.GCP, "compute-gpu", item + " on-demand");
        onDemand.add(new Charge(count, price, name));
        onSpot.add(
            in.find(Cloud.GCP, "compute-gpu-spot", item)
                .map(found -> new Charge(count, found, name)));
      }
    }
    String name = what.toString();
    Price sum = Rate.sum(name, onDemand);
    if (!spot) {
      return Rate.of(name, sum);
    }
    boolean known = onSpot.stream().allMatch(Optional::isPresent);
    return Rate.ofSpot(
        name,
        sum,
        known
            ? Optional.of(
                Rate.sum(name + " spot", onSpot.stream().flatMap(Optional::stream).toList()))
            : Optional.empty());
  }

  private static String name(Value accelerator) {
    Value type = accelerator.entry("type");
    Value name = type.isMissing() ? accelerator.entry("acceleratorType") : type;
    return Inputs.text(name, "the type of an accelerator")
        .orElseThrow(() -> new NotPriced("the type of an accelerator is missing"));
  }

  private static double count(Value accelerator) {
    Value count = accelerator.entry("count");
    return Inputs.number(
        count.isMissing() ? accelerator.entry("acceleratorCount") : count,
        1,
        "the count of accelerators");
  }

  static String lastPart(String name) {
    return name.substring(name.lastIndexOf('/') + 1);
  }
}
