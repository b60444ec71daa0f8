package dev.mlinfra.cost;

import dev.mlinfra.core.Budget;
import dev.mlinfra.cost.LimitResult.Status;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What one environment costs, and whether it may.
 *
 * @param estimate what it costs
 * @param limits every limit of its budget; empty where no budget is known
 */
public record PricedEnvironment(Estimate estimate, List<LimitResult> limits) {

  public PricedEnvironment {
    limits = List.copyOf(limits);
  }

  /**
   * What several models say, put together by environment, each held against its budget.
   *
   * @param estimates of all models
   * @param budgets by the name of the environment; what is not named has no limits
   * @return in the order of the estimates
   */
  public static List<PricedEnvironment> of(List<Estimate> estimates, Map<String, Budget> budgets) {
    Map<String, Estimate> byName = new LinkedHashMap<>();
    estimates.forEach(it -> byName.merge(it.environment(), it, Estimate::plus));
    return byName.values().stream()
        .map(
            estimate ->
                new PricedEnvironment(
                    estimate,
                    Optional.ofNullable(budgets.get(estimate.environment()))
                        .map(budget -> Limits.of(budget).check(estimate))
                        .orElse(List.of())))
        .toList();
  }

  /** Whether a limit is not kept. */
  public boolean isOver() {
    return limits.stream().anyMatch(LimitResult::isOver);
  }

  /** One line: {@code dev: 2.30 USD a month expected, 41.00 USD at most, 1 limit exceeded}. */
  public String summary() {
    int notPriced = estimate.notPriced().size();
    return "%s: %s a month expected, %s at most, %s%s"
        .formatted(
            estimate.environment(),
            estimate.expected(),
            estimate.worst(),
            kept(),
            notPriced == 0 ? "" : "; without " + notPriced + " not priced");
  }

  private String kept() {
    if (limits.isEmpty()) {
      return "no limits known";
    }
    if (isOver()) {
      return Words.count(count(Status.OVER), "limit") + " exceeded";
    }
    List<String> open = new ArrayList<>();
    if (count(Status.WARNING) > 0) {
      open.add(count(Status.WARNING) + " nearly reached");
    }
    if (count(Status.UNDECIDED) > 0) {
      open.add(count(Status.UNDECIDED) + " undecided");
    }
    return "within its limits" + (open.isEmpty() ? "" : " (" + String.join(", ", open) + ")");
  }

  private long count(Status status) {
    return limits.stream().filter(result -> result.status() == status).count();
  }

  /** The lines, dearest first. */
  List<LineItem> dearestFirst() {
    return estimate.items().stream()
        .sorted(
            Comparator.comparingDouble((LineItem item) -> item.expected().usd().high())
                .thenComparingDouble(item -> item.worstUsd().high())
                .reversed()
                .thenComparing(LineItem::where)
                .thenComparing(LineItem::what))
        .toList();
  }

  /** What has no price, and why, by place. */
  List<Explained> notPriced() {
    return estimate.notPriced().stream()
        .sorted(Comparator.comparing(Explained::where).thenComparing(Explained::because))
        .toList();
  }

  /** {@code 41 resources: 12 priced, 25 free, 3 billed elsewhere, 1 with something not priced}. */
  String resources() {
    Map<Explained.Reason, Set<String>> explained = new EnumMap<>(Explained.Reason.class);
    for (Explained.Reason reason : Explained.Reason.values()) {
      explained.put(
          reason,
          ids(
              estimate.explained().stream()
                  .filter(one -> one.reason() == reason)
                  .map(one -> one.resource().toString())));
    }
    Set<String> priced = ids(estimate.items().stream().map(item -> item.resource().toString()));
    Set<String> open = explained.get(Explained.Reason.NOT_PRICED);
    Set<String> elsewhere = explained.get(Explained.Reason.ELSEWHERE);
    Set<String> free = explained.get(Explained.Reason.FREE);
    elsewhere.removeAll(priced);
    elsewhere.removeAll(open);
    free.removeAll(priced);
    free.removeAll(open);
    free.removeAll(elsewhere);
    return "%s: %s priced, %s free, %s billed elsewhere, %s with something not priced"
        .formatted(
            Words.count(estimate.resources(), "resource"),
            priced.size(),
            free.size(),
            elsewhere.size(),
            open.size());
  }

  private static Set<String> ids(Stream<String> ids) {
    return ids.collect(Collectors.toCollection(TreeSet::new));
  }

  /** What the expected month rests on. */
  String assumed() {
    return "%s predictions, %s h of training and %s GB of data a month; a month has %s h"
        .formatted(
            Words.number((double) estimate.usage().predictionsPerMonth()),
            Words.number(estimate.usage().trainingHoursPerMonth()),
            Words.number(estimate.usage().dataGb()),
            Words.number(LineItem.HOURS_PER_MONTH));
  }

  /** How old the prices are. */
  String priceDates() {
    List<Price> prices =
        estimate.items().stream()
            .flatMap(item -> Stream.concat(Stream.of(item.expected()), item.worst().stream()))
            .map(Charge::price)
            .distinct()
            .toList();
    List<String> dates =
        prices.stream()
            .flatMap(price -> price.date().stream())
            .map(Object::toString)
            .sorted()
            .toList();
    if (prices.isEmpty()) {
      return "none";
    }
    int undated = prices.size() - dates.size();
    String range =
        dates.isEmpty() ? "" : "from " + dates.get(0) + " to " + dates.get(dates.size() - 1);
    String rest = undated == 0 ? "" : undated + " without a date";
    return Stream.of(range, rest).filter(part -> !part.isEmpty()).collect(Collectors.joining(", "));
  }
}
