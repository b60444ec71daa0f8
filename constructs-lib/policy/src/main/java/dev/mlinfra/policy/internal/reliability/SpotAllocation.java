package dev.mlinfra.policy.internal.reliability;

import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import java.util.Locale;
import java.util.Set;

/**
 * The cheapest spot capacity is what others take away first. Every service chooses by price alone
 * unless it is told otherwise, but for the node groups of EKS, which cannot be told.
 */
final class SpotAllocation implements Rule {
  /** Without the hyphens, underscores and capitals in which the services differ. */
  private static final Set<String> BY_CAPACITY =
      Set.of(
          "pricecapacityoptimized",
          "capacityoptimized",
          "capacityoptimizedprioritized",
          "spotpricecapacityoptimized",
          "spotcapacityoptimized");

  @Override
  public String id() {
    return "mlinfra::reliability.spot-allocation";
  }

  @Override
  public String requirement() {
    return "Spot capacity is chosen where enough of it is left, not by its price alone.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    for (SpotPool pool : SpotPools.of(inspection)) {
      pool.strategy()
          .ifPresent(
              strategy ->
                  Can.say(
                      outcomes,
                      pool.judge(Decide.text(strategy.given(), SpotAllocation::looksAtCapacity)),
                      pool.resource(),
                      strategy.at(),
                      strategy.given(),
                      "spot capacity is chosen without regard to how much of it is left",
                      "set " + strategy.at() + " to " + recommended(pool)));
    }
  }

  private static boolean looksAtCapacity(String strategy) {
    return BY_CAPACITY.contains(strategy.toLowerCase(Locale.ROOT).replaceAll("[-_]", ""));
  }

  private static String recommended(SpotPool pool) {
    return switch (pool.resource().type()) {
      case "AWS::Batch::ComputeEnvironment" -> "SPOT_PRICE_CAPACITY_OPTIMIZED";
      case "AWS::EC2::SpotFleet" -> "priceCapacityOptimized";
      default -> "price-capacity-optimized";
    };
  }
}
