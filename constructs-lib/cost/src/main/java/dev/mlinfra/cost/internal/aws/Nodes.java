package dev.mlinfra.cost.internal.aws;

import static dev.mlinfra.cost.LineItem.HOURS_PER_MONTH;

import dev.mlinfra.cost.internal.Bill;
import dev.mlinfra.template.Value;
import java.util.List;

/**
 * How many instances a group has: the desired number all month, or, where that is zero, one while
 * something is trained; at most its maximum all month.
 *
 * @param expected hours of instances
 * @param most hours of instances
 */
record Nodes(Amount expected, Amount most) {
  static final String BY_ATTRIBUTES =
      "instance types are chosen by attributes when they start; name the types to see their price";

  /**
   * The instances of a group, by its properties; says on the bill what cannot be known.
   *
   * @param min path of the least number
   * @param desired path of the number that is asked for
   * @param max path of the most
   */
  static Nodes of(Bill bill, String min, String desired, String max) {
    double least = Numbers.of(bill, min, 0).orElse(0.0);
    double wanted = Numbers.of(bill, desired, least).orElse(least);
    double most = Numbers.of(bill, max, wanted).orElse(wanted);
    for (String path : List.of(desired, max)) {
      if (bill.property(path).isSymbolic()) {
        bill.notPriced(
            "%s is only known at deployment; counted are %s instances"
                .formatted(path, Numbers.text(path.equals(max) ? most : wanted)));
      }
    }
    return of(bill, wanted, desired, most, max);
  }

  /** The instances of something that wants so many of them and can have so many. */
  static Nodes of(Bill bill, double wanted, String desired, double most, String max) {
    Amount trained =
        Amount.of(
            Math.min(bill.usage().trainingHoursPerMonth(), most * HOURS_PER_MONTH),
            "h, usage.trainingHoursPerMonth, of one instance, since it starts from zero");
    return new Nodes(
        wanted > 0 ? Amount.of(wanted, desired).times(HOURS_PER_MONTH, "h") : trained,
        Amount.of(Math.max(wanted, most), max).times(HOURS_PER_MONTH, "h"));
  }

  /** A part of them, such as those that are bought on demand. */
  Nodes part(double share) {
    return share == 1
        ? this
        : new Nodes(expected.times(share, "of them"), most.times(share, "of them"));
  }

  /** Adds a line for machines of these types. */
  void price(Bill bill, List<Value> types, Market market) {
    Machine.Choice choice = Machine.of(bill, types);
    if (choice.report(bill)) {
      Machines.line(bill, choice.machines(), market, machine -> expected, machine -> most);
    }
  }

  /** Adds the disks of each of them. */
  void price(Bill bill, List<Disk> disks) {
    disks.forEach(
        disk -> disk.price(bill, expected.per(HOURS_PER_MONTH), most.per(HOURS_PER_MONTH)));
  }
}
