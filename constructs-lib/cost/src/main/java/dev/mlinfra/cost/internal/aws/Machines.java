package dev.mlinfra.cost.internal.aws;

import dev.mlinfra.cost.Charge;
import dev.mlinfra.cost.LineItem.Kind;
import dev.mlinfra.cost.internal.Bill;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Lines for instances of which any of several types may run. */
final class Machines {
  private Machines() {}

  /**
   * Adds a line: expected is the cheapest of the types, the worst case the dearest at the price on
   * demand.
   *
   * @param machines at least one
   * @param expected how many hours are expected to run, if all were of one type
   * @param most how many hours can run at most, if all were of one type
   */
  static void line(
      Bill bill,
      List<Machine> machines,
      Market market,
      Function<Machine, Amount> expected,
      Function<Machine, Amount> most) {
    Machine cheapest = cheapest(machines, market, expected);
    Machine dearest = dearest(machines, market, most);
    Amount hours = expected.apply(cheapest);
    Amount mostHours = most.apply(dearest);
    String chosen = machines.size() > 1 ? " of the cheapest of " + machines.size() + " types" : "";
    String worst = machines.size() > 1 ? " of the dearest, " + dearest.type() : "";
    bill.line(
        cheapest.type() + (market.isSpot() ? " spot" : ""),
        Kind.RUNNING,
        new Charge(
            hours.count(), market.expected(cheapest), hours.why() + chosen + market.note(cheapest)),
        Optional.of(new Charge(mostHours.count(), market.worst(dearest), mostHours.why() + worst)));
  }

  /** The type that makes the least of the expected hours. */
  static Machine cheapest(
      List<Machine> machines, Market market, Function<Machine, Amount> expected) {
    return machines.stream()
        .min(
            Comparator.<Machine>comparingDouble(
                    it -> market.expected(it).usd().high() * expected.apply(it).count())
                .thenComparing(it -> market.expected(it).usd().high()))
        .orElseThrow();
  }

  /** The type that makes the most of the hours that can run. */
  static Machine dearest(List<Machine> machines, Market market, Function<Machine, Amount> most) {
    return machines.stream()
        .max(
            Comparator.<Machine>comparingDouble(
                    it -> market.worst(it).usd().high() * most.apply(it).count())
                .thenComparing(it -> market.worst(it).usd().high()))
        .orElseThrow();
  }
}
