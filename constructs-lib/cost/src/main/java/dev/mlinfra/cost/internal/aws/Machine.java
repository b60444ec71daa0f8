package dev.mlinfra.cost.internal.aws;

import dev.mlinfra.cost.Price;
import dev.mlinfra.cost.internal.Bill;
import dev.mlinfra.template.Value;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An instance type with its prices.
 *
 * @param type such as {@code g5.xlarge}
 * @param onDemand per hour, under Linux
 * @param spot per hour; empty where no range is known
 */
record Machine(String type, Price onDemand, Optional<Price> spot) {
  private static final String SERVICE = "ec2";
  private static final String SPOT_SERVICE = "ec2-spot";

  /**
   * Machines that may run.
   *
   * @param machines those with a price
   * @param unpriced why others have none
   */
  record Choice(List<Machine> machines, List<String> unpriced) {
    Choice {
      machines = List.copyOf(machines);
      unpriced = List.copyOf(unpriced);
    }

    /** Puts what has no price on the bill, and says whether anything is left. */
    boolean report(Bill bill) {
      unpriced.forEach(bill::notPriced);
      return !machines.isEmpty();
    }
  }

  /** The machines of these types. */
  static Choice of(Bill bill, Iterable<Value> types) {
    List<Machine> machines = new ArrayList<>();
    Set<String> unpriced = new LinkedHashSet<>();
    for (Value value : types) {
      Optional<String> type = value.asText();
      Optional<Machine> machine = type.flatMap(name -> of(bill, name));
      machine.ifPresent(machines::add);
      if (type.isEmpty()) {
        unpriced.add("an instance type is only known at deployment");
      } else if (machine.isEmpty()) {
        unpriced.add(noSource(bill, type.get()));
      }
    }
    return new Choice(machines.stream().distinct().toList(), List.copyOf(unpriced));
  }

  static Optional<Machine> of(Bill bill, String type) {
    return bill.awsPrice(SERVICE, type)
        .map(price -> new Machine(type, price, bill.awsPrice(SPOT_SERVICE, type)));
  }

  /** Every type of a family that has a price. */
  static List<Machine> ofFamily(Bill bill, String family) {
    return bill.awsItems(SERVICE).stream()
        .filter(type -> type.startsWith(family + "."))
        .flatMap(type -> of(bill, type).stream())
        .toList();
  }

  static String noSource(Bill bill, String type) {
    return "no source for %s in %s".formatted(type, bill.region(Aws.REFERENCE_REGION));
  }
}
