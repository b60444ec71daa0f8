package dev.mlinfra.cost.internal.pulumi;

import dev.mlinfra.core.Usage;
import dev.mlinfra.cost.Charge;
import dev.mlinfra.cost.LineItem;
import dev.mlinfra.cost.Price;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Machines of one kind that come and go.
 *
 * @param least how many always run
 * @param most how many can run at one time; empty when nothing bounds it
 * @param why where both come from
 */
public record Fleet(double least, OptionalDouble most, String why) {
  private static final String TRAINING = "training";

  public Fleet {
    if (most.isPresent() && most.getAsDouble() < least) {
      most = OptionalDouble.of(least);
    }
  }

  /** Machines that always run. */
  public static Fleet always(double machines, String why) {
    return new Fleet(machines, OptionalDouble.of(machines), why);
  }

  /** Machines that come and go between two counts. */
  public static Fleet between(double least, double most, String why) {
    return new Fleet(least, OptionalDouble.of(most), why);
  }

  /** Adds the line of the machines. */
  public void bill(Inputs in, Rate rate) {
    lines(in, rate.what(), LineItem.Kind.RUNNING, 1, "", rate.expected(), rate.most(), rate.note());
  }

  /** Adds the line of a disk that each machine has. */
  public void billDisk(Inputs in, String what, double gb, String whyGb, Price price) {
    double perHour = gb / LineItem.HOURS_PER_MONTH;
    String factor = " x %s / 730".formatted(whyGb);
    lines(in, what, LineItem.Kind.STORED, perHour, factor, price, price, "");
  }

  private void lines(
      Inputs in,
      String what,
      LineItem.Kind kind,
      double factor,
      String whyFactor,
      Price expected,
      Price worst,
      String note) {
    Hours hours = expectedHours(in);
    String end = note.isEmpty() ? "" : "; " + note;
    in.bill()
        .line(
            what,
            kind,
            new Charge(hours.hours() * factor, expected, hours.why() + whyFactor + end),
            most.isEmpty()
                ? Optional.empty()
                : Optional.of(
                    new Charge(
                        most.getAsDouble() * LineItem.HOURS_PER_MONTH * factor,
                        worst,
                        "%s x 730 h%s; %s"
                            .formatted(Text.of(most.getAsDouble()), whyFactor, why))));
  }

  private record Hours(double hours, String why) {}

  /** What scales to zero runs for what the environment's usage names: the hours of training. */
  private Hours expectedHours(Inputs in) {
    Usage usage = in.bill().usage();
    if (least > 0) {
      return new Hours(
          least * LineItem.HOURS_PER_MONTH, "%s x 730 h; %s".formatted(Text.of(least), why));
    }
    if (in.bill().workload().equals(TRAINING)) {
      double all = most.orElse(Double.MAX_VALUE) * LineItem.HOURS_PER_MONTH;
      return new Hours(
          Math.min(usage.trainingHoursPerMonth(), all),
          "usage.trainingHoursPerMonth, none runs in between; " + why);
    }
    return new Hours(0, "none runs while nothing asks, and usage names no hours of it; " + why);
  }
}
