package dev.mlinfra.cost;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What one piece of work costs: of the expected month, what follows or serves that work and is not
 * storage.
 *
 * @param what {@code 1,000 predictions} or {@code 1 hour of training}
 * @param usd for it
 * @param arithmetic how it comes about
 */
public record UnitCost(String what, Usd usd, String arithmetic) {
  private static final double PREDICTIONS = 1_000;

  /**
   * The figures of an environment: per 1,000 predictions, from the lines whose cost tag {@code
   * workload} is {@code prediction}, and per hour of training, from those of {@code training}. One
   * is left out where nothing is billed for it or the environment does none of it.
   */
  public static List<UnitCost> of(Estimate estimate) {
    List<UnitCost> figures = new ArrayList<>();
    add(
        figures,
        estimate,
        "prediction",
        "1,000 predictions",
        PREDICTIONS,
        (double) estimate.usage().predictionsPerMonth(),
        "predictions");
    add(
        figures,
        estimate,
        "training",
        "1 hour of training",
        1,
        estimate.usage().trainingHoursPerMonth(),
        "h");
    return List.copyOf(figures);
  }

  private static void add(
      List<UnitCost> figures,
      Estimate estimate,
      String workload,
      String what,
      double units,
      double usage,
      String of) {
    List<LineItem> items =
        estimate.items().stream()
            .filter(item -> item.workload().equals(workload))
            .filter(item -> item.kind() != LineItem.Kind.STORED)
            .toList();
    if (items.isEmpty() || usage == 0) {
      return;
    }
    Usd month = items.stream().map(item -> item.expected().usd()).reduce(Usd.ZERO, Usd::plus);
    figures.add(
        new UnitCost(
            what,
            month.times(units / usage),
            "%s a month (%s) / %s %s%s"
                .formatted(
                    Words.precise(month),
                    items.stream()
                        .map(item -> item.where() + ": " + item.what())
                        .sorted()
                        .collect(Collectors.joining(", ")),
                    Words.number(usage),
                    of,
                    units == 1 ? "" : " x " + Words.number(units))));
  }
}
