package dev.mlinfra.cost.internal.pulumi.runpod;

import dev.mlinfra.cost.Charge;
import dev.mlinfra.cost.Price;
import dev.mlinfra.cost.internal.pulumi.Inputs;
import dev.mlinfra.cost.internal.pulumi.NotPriced;
import dev.mlinfra.cost.internal.pulumi.Rate;
import dev.mlinfra.cost.internal.pulumi.Text;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What an hour with accelerators of RunPod costs, where several kinds are allowed. */
final class Gpu {
  private Gpu() {}

  /**
   * The rate: of the first kind expected, of the dearest at most.
   *
   * @param service as prices name it
   * @param kinds the kinds that are allowed, the preferred one first
   */
  static Rate rate(Inputs in, String service, List<String> kinds) {
    if (kinds.isEmpty()) {
      throw new NotPriced("no source for machines without an accelerator");
    }
    double count =
        Math.max(
            1, Inputs.number(in.first("gpu.count", "gpuCount"), 1, "the count of accelerators"));
    List<Price> prices = kinds.stream().map(kind -> price(in, service, kind, count)).toList();
    Price dearest =
        prices.stream().max(Comparator.comparingDouble(price -> price.usd().high())).orElseThrow();
    return new Rate(
        "%s x %s".formatted(Text.of(count), kinds.get(0)),
        prices.get(0),
        dearest,
        kinds.size() == 1 ? "" : "the first of %s kinds that are allowed".formatted(kinds.size()));
  }

  private static Price price(Inputs in, String service, String kind, double count) {
    Optional<Price> price = in.bill().price("runpod", "all", service, kind);
    return Rate.sum(
        "%s x %s".formatted(Text.of(count), kind),
        List.of(
            new Charge(
                count, price.orElseThrow(() -> new NotPriced("no source for " + kind)), kind)));
  }
}
