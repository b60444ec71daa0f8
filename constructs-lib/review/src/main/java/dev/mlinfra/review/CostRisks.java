package dev.mlinfra.review;

import dev.mlinfra.cost.Estimate;
import dev.mlinfra.cost.Explained;
import dev.mlinfra.cost.JobExposure;
import dev.mlinfra.cost.LineItem;
import dev.mlinfra.cost.Usd;
import dev.mlinfra.template.ResourceId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Which way the cost goes, and what makes most of it. */
final class CostRisks {
  /** Less than half a cent is nothing. */
  static final double NOTHING = 0.005;

  private static final int MOST_LINES = 5;

  private final Sides sides;
  private final List<ReviewItem> items = new ArrayList<>();

  private CostRisks(Sides sides) {
    this.sides = sides;
  }

  static List<ReviewItem> of(
      Sides sides, List<CostChange> costs, List<OverBudget> before, List<OverBudget> after) {
    CostRisks risks = new CostRisks(sides);
    Set<String> already = new HashSet<>();
    before.forEach(it -> already.add(it.environment() + " " + it.limit()));
    for (OverBudget over : after) {
      if (!already.contains(over.environment() + " " + over.limit())) {
        risks.items.add(
            ReviewItem.of(
                Risk.COST,
                ReviewItem.Place.named(over.environment()),
                "is over its budget: " + over.limit(),
                over.allowed() + " allowed",
                over.amount()));
      }
    }
    costs.forEach(risks::environment);
    return risks.items;
  }

  private void environment(CostChange cost) {
    total(cost, "costs at its usage", Estimate::expected, cost.expectedUsd());
    total(cost, "costs at most", Estimate::worst, cost.worstUsd());
    lines(cost);
    jobs(cost);
    notPriced(cost);
  }

  private void total(
      CostChange cost, String what, Function<Estimate, Usd> side, double difference) {
    if (Math.abs(difference) >= NOTHING) {
      items.add(
          ReviewItem.of(
              Risk.COST,
              ReviewItem.Place.named(cost.environment()),
              what,
              month(cost.base().map(side)),
              month(cost.head().map(side)) + " (" + signed(difference) + ")"));
    }
  }

  private static String month(Optional<Usd> usd) {
    return usd.orElse(Usd.ZERO) + " a month";
  }

  /** Such as {@code +12.00}. */
  static String signed(double usd) {
    return String.format(Locale.ROOT, "%+,.2f", usd);
  }

  /** What one resource costs. */
  private record Line(double expected, double worst, Set<String> what) {
    static final Line NONE = new Line(0, 0, Set.of());

    Line plus(LineItem item) {
      Set<String> more = new LinkedHashSet<>(what);
      more.add(item.what());
      return new Line(
          expected + item.expected().usd().high(), worst + item.worstUsd().high(), more);
    }

    String text() {
      return what.isEmpty()
          ? ""
          : "%s, at most %s (%s)"
              .formatted(Usd.of(expected), Usd.of(worst), String.join(", ", what));
    }
  }

  private void lines(CostChange cost) {
    Map<String, Line> before = lines(cost.base(), sides::name);
    Map<String, Line> after = lines(cost.head(), ResourceId::toString);
    Set<String> all = new LinkedHashSet<>(after.keySet());
    all.addAll(before.keySet());
    Comparator<String> byWeight =
        Comparator.comparingDouble(
            id ->
                Math.abs(worst(after, id) - worst(before, id))
                    + Math.abs(expected(after, id) - expected(before, id)));
    all.stream()
        .filter(
            id ->
                Math.abs(expected(after, id) - expected(before, id)) >= NOTHING
                    || Math.abs(worst(after, id) - worst(before, id)) >= NOTHING)
        .sorted(byWeight.reversed())
        .limit(MOST_LINES)
        .forEach(
            id ->
                sides
                    .resource(id)
                    .ifPresent(
                        resource ->
                            items.add(
                                ReviewItem.of(
                                    Risk.COST,
                                    resource,
                                    "costs a month",
                                    before.getOrDefault(id, Line.NONE).text(),
                                    after.getOrDefault(id, Line.NONE).text()))));
  }

  private static double expected(Map<String, Line> lines, String id) {
    return lines.getOrDefault(id, Line.NONE).expected();
  }

  private static double worst(Map<String, Line> lines, String id) {
    return lines.getOrDefault(id, Line.NONE).worst();
  }

  private static Map<String, Line> lines(
      Optional<Estimate> estimate, Function<ResourceId, String> name) {
    Map<String, Line> lines = new LinkedHashMap<>();
    estimate
        .map(Estimate::items)
        .orElse(List.of())
        .forEach(
            item ->
                lines.merge(
                    name.apply(item.resource()),
                    Line.NONE.plus(item),
                    (known, one) -> known.plus(item)));
    return lines;
  }

  /** What a single job can cost at most. */
  private void jobs(CostChange cost) {
    Map<String, String> before = new LinkedHashMap<>();
    cost.base()
        .map(Estimate::jobs)
        .orElse(List.of())
        .forEach(job -> before.put(sides.name(job.resource()), text(job)));
    for (JobExposure job : cost.head().map(Estimate::jobs).orElse(List.of())) {
      String old = before.getOrDefault(job.resource().toString(), "");
      if (!old.equals(text(job))) {
        sides
            .resource(job.resource().toString())
            .ifPresent(
                resource ->
                    items.add(
                        ReviewItem.of(
                            Risk.COST, resource, "one job costs at most", old, text(job))));
      }
    }
  }

  private static String text(JobExposure job) {
    return job.usd().map(Usd::toString).orElse("not known, or without a bound");
  }

  /** What is new or changes, and costs something that is not known here. */
  private void notPriced(CostChange cost) {
    Set<String> before = new HashSet<>();
    cost.base()
        .map(Estimate::notPriced)
        .orElse(List.of())
        .forEach(it -> before.add(sides.name(it.resource()) + it.because()));
    Set<String> changed = new HashSet<>();
    sides.comparison().changes().stream()
        .filter(change -> !change.differences().isEmpty())
        .forEach(change -> changed.add(change.resource().id().toString()));
    for (Explained one : cost.head().map(Estimate::notPriced).orElse(List.of())) {
      if (!before.contains(one.resource() + one.because())
          || changed.contains(one.resource().toString())) {
        sides
            .resource(one.resource().toString())
            .ifPresent(
                resource ->
                    items.add(
                        ReviewItem.of(Risk.COST, resource, "is not priced: " + one.because())));
      }
    }
  }
}
