package dev.mlinfra.cost.internal.pulumi.runpod;

import dev.mlinfra.cost.Charge;
import dev.mlinfra.cost.LineItem;
import dev.mlinfra.cost.Price;
import dev.mlinfra.cost.internal.pulumi.Inputs;
import dev.mlinfra.cost.internal.pulumi.NotPriced;
import dev.mlinfra.cost.internal.pulumi.PulumiPricer;
import dev.mlinfra.cost.internal.pulumi.Text;
import dev.mlinfra.template.Value;
import java.util.Optional;
import java.util.Set;

/** Network volumes of RunPod: by their size, whatever lies in them. */
final class NetworkVolumePricer implements PulumiPricer {
  private static final double FIRST_GB = 1000;

  @Override
  public Set<String> types() {
    return Set.of("runpod:NetworkVolume", "runpod:NetworkStorage");
  }

  @Override
  public void price(Inputs in) {
    if (in.at("type").asText().filter("HIGH_PERFORMANCE"::equals).isPresent()
        || in.at("isNextGenStorage").asBoolean().orElse(false)) {
      throw new NotPriced("no source for fast network volumes");
    }
    Value size = in.at("size");
    if (Inputs.isAbsent(size)) {
      throw new NotPriced("size is missing");
    }
    double gb = Inputs.number(size, 0, "size");
    line(in, "first 1 TB", Math.min(gb, FIRST_GB), gb);
    if (gb > FIRST_GB) {
      line(in, "over 1 TB", gb - FIRST_GB, gb);
    }
  }

  private static void line(Inputs in, String item, double gb, double size) {
    Price price =
        in.bill()
            .price("runpod", "all", "network-volume", item)
            .orElseThrow(() -> new NotPriced("no source for network volumes, " + item));
    Charge charge =
        new Charge(gb, price, "%s GB of size %s GB".formatted(Text.of(gb), Text.of(size)));
    in.bill().line("volume, " + item, LineItem.Kind.STORED, charge, Optional.of(charge));
  }
}
