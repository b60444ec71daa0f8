package dev.mlinfra.cost;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.ToDoubleFunction;

/**
 * Which maximums to lower so that a total fits.
 *
 * @param estimate whose jobs say how many run at one time
 * @param share what a line adds to the total
 */
record Maximums(Estimate estimate, ToDoubleFunction<LineItem> share) {

  /** A line and how many of it there can be. */
  private record Part(LineItem item, int count, double each) {
    double usd() {
      return count * each;
    }
  }

  /**
   * The least change: the first line, dearest first, that is enough alone; else as many as it
   * takes. Nothing goes below one.
   */
  List<String> lower(List<LineItem> items, double usd, double allowed) {
    List<Part> parts =
        items.stream()
            .flatMap(item -> part(item).stream())
            .sorted(
                Comparator.comparingDouble(Part::usd)
                    .reversed()
                    .thenComparing(part -> part.item().where())
                    .thenComparing(part -> part.item().what()))
            .toList();
    for (Part part : parts) {
      double room = allowed - usd + part.usd();
      if (room >= part.each()) {
        return List.of(change(part, (int) Math.floor(room / part.each())) + all(part, room));
      }
    }
    List<String> changes = new ArrayList<>();
    double then = usd;
    for (Part part : parts) {
      double room = Math.max(allowed - then + part.usd(), part.each());
      int most = (int) Math.min(part.count(), Math.floor(room / part.each()));
      changes.add(change(part, most));
      then -= (part.count() - most) * part.each();
      if (Limits.fits(then, allowed)) {
        return List.of(String.join(", and ", changes) + ": " + Words.usd(then) + " in all");
      }
    }
    return List.of();
  }

  private static String all(Part part, double room) {
    int most = (int) Math.floor(room / part.each());
    return ": %s x %s = %s instead of %s"
        .formatted(
            most, Words.usd(part.each()), Words.usd(most * part.each()), Words.usd(part.usd()));
  }

  private static String change(Part part, int most) {
    return "at most %s instead of %s of %s (%s)"
        .formatted(most, part.count(), part.item().where(), part.item().what());
  }

  /** How many of it can run: by its jobs at one time, or by its hours in a month. */
  private Optional<Part> part(LineItem item) {
    if (item.worst().isEmpty()) {
      return Optional.empty();
    }
    Charge worst = item.worst().get();
    OptionalInt jobs =
        estimate.jobs().stream()
            .filter(job -> job.resource().equals(item.resource()))
            .filter(job -> job.atOnce().isPresent())
            .mapToInt(job -> job.atOnce().getAsInt())
            .max();
    boolean byTheHour = worst.price().unit().equals("hour");
    int count =
        jobs.orElseGet(
            () -> byTheHour ? (int) Math.round(worst.quantity() / LineItem.HOURS_PER_MONTH) : 1);
    return count < 2
        ? Optional.empty()
        : Optional.of(new Part(item, count, share.applyAsDouble(item) / count));
  }
}
