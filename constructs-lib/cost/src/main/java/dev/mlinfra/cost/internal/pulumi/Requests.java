package dev.mlinfra.cost.internal.pulumi;

import dev.mlinfra.cost.Charge;
import dev.mlinfra.cost.LineItem;
import java.util.Optional;
import java.util.OptionalDouble;

/** Instances that come when requests do, and are billed while they answer. */
public final class Requests {
  private Requests() {}

  /**
   * Adds the line of the instances.
   *
   * @param least how many always run
   * @param most how many can run at one time; empty when nothing bounds it
   * @param whyMost where {@code most} comes from
   */
  public static void bill(Inputs in, Rate rate, double least, OptionalDouble most, String whyMost) {
    double highest = Math.max(least, most.orElse(Double.MAX_VALUE));
    Assumption seconds = Assumption.of("prediction.seconds");
    double answering = in.bill().usage().predictionsPerMonth() * seconds.value() / 3600;
    double standing = least * LineItem.HOURS_PER_MONTH;
    double all = highest * LineItem.HOURS_PER_MONTH;
    String note = rate.note().isEmpty() ? "" : "; " + rate.note();
    Charge expected =
        standing >= answering
            ? new Charge(
                standing,
                rate.expected(),
                "%s always run x 730 h%s".formatted(Text.of(least), note))
            : new Charge(
                Math.min(answering, all),
                rate.expected(),
                "usage.predictionsPerMonth x %s / 3600%s".formatted(seconds, note));
    in.bill()
        .line(
            rate.what(),
            LineItem.Kind.RUNNING,
            expected,
            most.isEmpty()
                ? Optional.empty()
                : Optional.of(
                    new Charge(
                        all, rate.most(), "%s x 730 h: %s".formatted(Text.of(highest), whyMost))));
  }
}
