package dev.mlinfra.cost.internal.aws;

import dev.mlinfra.cost.Charge;
import dev.mlinfra.cost.LineItem.Kind;
import dev.mlinfra.cost.Price;
import dev.mlinfra.cost.internal.Bill;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** Lines for instances of which any of several types may run. */
final class Machines {
  /** A type, what its hours cost, and what all of them do. */
  private record Candidate(Machine machine, double hourly, double total) {}

  private static final Comparator<Candidate> BY_COST =
      Comparator.comparingDouble(Candidate::total).thenComparingDouble(Candidate::hourly);

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
    return candidates(machines, market::expected, expected).min(BY_COST).orElseThrow().machine();
  }

  /** The type that makes the most of the hours that can run. */
  static Machine dearest(List<Machine> machines, Market market, Function<Machine, Amount> most) {
    return candidates(machines, market::worst, most).max(BY_COST).orElseThrow().machine();
  }

  private static Stream<Candidate> candidates(
      List<Machine> machines, Function<Machine, Price> price, Function<Machine, Amount> hours) {
    return machines.stream()
        .map(
            machine -> {
              double hourly = price.apply(machine).usd().high();
              return new Candidate(machine, hourly, hourly * hours.apply(machine).count());
            });
  }
}
