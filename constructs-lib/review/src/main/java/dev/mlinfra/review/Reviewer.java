package dev.mlinfra.review;

import dev.mlinfra.core.Budget;
import dev.mlinfra.core.Pattern;
import dev.mlinfra.core.Usage;
import dev.mlinfra.cost.Estimate;
import dev.mlinfra.cost.Estimator;
import dev.mlinfra.policy.Gate;
import dev.mlinfra.policy.Report;
import dev.mlinfra.template.Model;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Says what a change does, risk first. Immutable, and safe to use from several threads.
 *
 * <p>Both sides are judged alike: by the same rules, prices, usages and budgets.
 */
public final class Reviewer {
  private final Gate gate;
  private final Estimator estimator;
  private final Map<String, Budget> budgets;

  private Reviewer(Gate gate, Estimator estimator, Map<String, Budget> budgets) {
    this.gate = gate;
    this.estimator = estimator;
    this.budgets = Map.copyOf(budgets);
  }

  /** A reviewer that takes every environment for batch with the default usage, without a budget. */
  public static Reviewer standard() {
    return new Reviewer(Gate.standard(), Estimator.standard(), Map.of());
  }

  /**
   * The same, knowing how environments are used.
   *
   * @param patterns by the name of the environment
   */
  public Reviewer withPatterns(Map<String, Pattern> patterns) {
    return new Reviewer(gate.withPatterns(patterns), estimator, budgets);
  }

  /**
   * The same, knowing how much environments are used.
   *
   * @param usages by the name of the environment
   */
  public Reviewer withUsages(Map<String, Usage> usages) {
    return new Reviewer(gate, estimator.withUsages(usages), budgets);
  }

  /**
   * The same, knowing what environments may cost.
   *
   * @param budgets by the name of the environment; what is not named has no limit
   */
  public Reviewer withBudgets(Map<String, Budget> budgets) {
    return new Reviewer(gate, estimator, budgets);
  }

  /** Reviews what has nothing before it: everything is new. */
  public Review first(Model head) {
    return compare(new Model(head.kind(), List.of(), List.of()), head);
  }

  /**
   * Reviews a change.
   *
   * @param base what is, or what the branch started from
   * @param head what is to be
   */
  public Review compare(Model base, Model head) {
    Sides sides = Sides.of(base, head);
    Report baseReport = gate.check(base);
    Report headReport = gate.check(head);
    PermissionRisks permissions = new PermissionRisks(sides);
    FindingRisks findings = new FindingRisks(sides, baseReport, headReport);
    List<CostChange> costs = costs(sides);
    List<OverBudget> before = overBudget(costs, CostChange::base);
    List<OverBudget> after = overBudget(costs, CostChange::head);

    List<ReviewItem> items = new ArrayList<>();
    items.addAll(DataRisks.of(sides));
    items.addAll(permissions.broadened());
    items.addAll(TagRisks.of(sides));
    items.addAll(CostRisks.of(sides, costs, before, after));
    items.addAll(ReachRisks.of(sides));
    items.addAll(ExportRisks.of(sides));
    items.addAll(findings.reach());
    items.addAll(findings.findings());
    items.addAll(OtherChanges.of(sides));
    items.addAll(permissions.narrowed());
    return new Review(
        sides.comparison(),
        merged(items),
        costs,
        after,
        headReport,
        findings.newErrors(),
        Unproved.of(sides, headReport, costs));
  }

  /** What decides whether two items say the same; of what must be seen each is another. */
  private record Same(
      Risk risk, String place, String type, String what, String before, String after) {
    static Same of(ReviewItem item, ReviewItem.Place place) {
      boolean byItself = item.risk() == Risk.DATA || item.risk() == Risk.PERMISSIONS;
      return new Same(
          item.risk(),
          byItself ? place.where() : "",
          place.type(),
          item.what(),
          item.before(),
          item.after());
    }
  }

  /** What happens to several resources of a type in the same way is one item. */
  private static List<ReviewItem> merged(List<ReviewItem> items) {
    Map<Same, Set<ReviewItem.Place>> places = new LinkedHashMap<>();
    for (ReviewItem item : items) {
      for (ReviewItem.Place place : item.places()) {
        places.computeIfAbsent(Same.of(item, place), it -> new LinkedHashSet<>()).add(place);
      }
    }
    List<ReviewItem> merged = new ArrayList<>();
    places.forEach(
        (same, all) ->
            merged.add(
                new ReviewItem(
                    same.risk(), List.copyOf(all), same.what(), same.before(), same.after())));
    return merged;
  }

  private List<CostChange> costs(Sides sides) {
    Map<String, Estimate> before = new LinkedHashMap<>();
    Map<String, Estimate> after = new LinkedHashMap<>();
    Model base = sides.base().model();
    Model head = sides.head().model();
    Map<String, String> names = new LinkedHashMap<>();
    sides
        .matching()
        .stacks()
        .forEach((one, other) -> names.put(base.environment(one), head.environment(other)));
    estimator
        .estimate(base)
        .forEach(it -> before.put(names.getOrDefault(it.environment(), it.environment()), it));
    estimator.estimate(head).forEach(it -> after.put(it.environment(), it));
    Set<String> all = new LinkedHashSet<>(after.keySet());
    all.addAll(before.keySet());
    return all.stream()
        .map(
            name ->
                new CostChange(
                    name,
                    Optional.ofNullable(before.get(name)),
                    Optional.ofNullable(after.get(name))))
        .toList();
  }

  private List<OverBudget> overBudget(
      List<CostChange> costs, Function<CostChange, Optional<Estimate>> side) {
    List<OverBudget> over = new ArrayList<>();
    for (CostChange cost : costs) {
      Optional<Budget> budget = Optional.ofNullable(budgets.get(cost.environment()));
      if (budget.isPresent()) {
        side.apply(cost).ifPresent(it -> over.addAll(OverBudget.of(it, budget.get())));
      }
    }
    return over;
  }
}
