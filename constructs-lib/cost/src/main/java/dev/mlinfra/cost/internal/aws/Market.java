package dev.mlinfra.cost.internal.aws;

import dev.mlinfra.cost.Price;
import dev.mlinfra.cost.Usd;
import java.util.Optional;

/**
 * How instances are bought.
 *
 * @param isSpot at the price of the spot market, which floats below that on demand
 * @param capPercent the most that is paid, in percent of the price on demand
 * @param capUsd the most that is paid, in USD per hour
 */
record Market(boolean isSpot, Optional<Double> capPercent, Optional<Double> capUsd) {
  static final Market ON_DEMAND = new Market(false, Optional.empty(), Optional.empty());
  static final Market SPOT = new Market(true, Optional.empty(), Optional.empty());

  /** On the spot market where it is so, else on demand. */
  static Market of(boolean isSpot) {
    return isSpot ? SPOT : ON_DEMAND;
  }

  /** What an hour is expected to cost; without a known range, what it costs at most. */
  Price expected(Machine machine) {
    return isSpot && machine.spot().isPresent() ? machine.spot().get() : worst(machine);
  }

  /** What an hour costs at most: a spot price is bounded by that on demand, or by a cap. */
  Price worst(Machine machine) {
    Price onDemand = machine.onDemand();
    if (!isSpot) {
      return onDemand;
    }
    double usd = onDemand.usd().high();
    double capped =
        Math.min(
            capPercent.map(percent -> usd * percent / 100).orElse(usd),
            capUsd.map(cap -> Math.min(cap, usd)).orElse(usd));
    return capped < usd ? with(onDemand, capped) : onDemand;
  }

  private static Price with(Price price, double capped) {
    return new Price(
        price.provider(),
        price.region(),
        price.service(),
        price.item(),
        price.unit(),
        Usd.of(capped),
        price.source(),
        price.date(),
        "capped by the template, below %s USD on demand".formatted(price.usd().high()),
        price.standsInFor());
  }

  /** What a reason adds for it. */
  String note(Machine machine) {
    if (!isSpot) {
      return "";
    }
    return machine.spot().isPresent()
        ? ", spot"
        : ", spot: no price known, so counted at its ceiling, the price on demand";
  }
}
