package dev.mlinfra.review;

import dev.mlinfra.policy.Finding;
import dev.mlinfra.policy.Report;
import java.util.ArrayList;
import java.util.List;

/**
 * What a change does, risk first.
 *
 * @param comparison what differs, resource by resource
 * @param items what it means, the worst risk first
 * @param costs what each environment costs, before and after
 * @param overBudget the limits that the environments of the head do not keep, new or not
 * @param gate what the gate finds in the head
 * @param newErrors what certainly breaks a rule in the head and did not in the base
 * @param unproved what nothing here can know
 */
public record Review(
    Comparison comparison,
    List<ReviewItem> items,
    List<CostChange> costs,
    List<OverBudget> overBudget,
    Report gate,
    List<Finding> newErrors,
    List<String> unproved) {

  public Review {
    items = List.copyOf(items);
    costs = List.copyOf(costs);
    overBudget = List.copyOf(overBudget);
    newErrors = List.copyOf(newErrors);
    unproved = List.copyOf(unproved);
  }

  /** The items of one risk. */
  public List<ReviewItem> items(Risk risk) {
    return items.stream().filter(item -> item.risk() == risk).toList();
  }

  /** Whether nothing differs but hashes of assets. */
  public boolean isEmpty() {
    return items.isEmpty();
  }

  /** Whether something that holds data is replaced, lost or no longer kept. */
  public boolean isDestructive() {
    return !items(Risk.DATA).isEmpty();
  }

  /** Whether someone may do more than before. */
  public boolean isBroadening() {
    return !items(Risk.PERMISSIONS).isEmpty();
  }

  /** The change in one line, the worst first. */
  public String verdict() {
    if (isEmpty()) {
      return comparison.code().isEmpty()
          ? "No change."
          : "No change but code: " + Words.count(comparison.assets(), "asset") + ".";
    }
    List<String> parts = new ArrayList<>();
    add(parts, places(Risk.DATA), "resource with data at risk", "resources with data at risk");
    add(parts, items(Risk.PERMISSIONS).size(), "broader permission", "broader permissions");
    add(parts, places(Risk.TAGS), "loss of cost tags", "losses of cost tags");
    if (!overBudget.isEmpty()) {
      parts.add("over budget");
    }
    parts.add(cost());
    add(parts, items(Risk.REACH).size(), "change of reach", "changes of reach");
    add(parts, newErrors.size(), "new error of the gate", "new errors of the gate");
    add(parts, places(Risk.OTHER), "other change", "other changes");
    parts.removeIf(String::isEmpty);
    if (parts.isEmpty()) {
      return "Nothing but findings.";
    }
    String text = String.join(", ", parts) + ".";
    return Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }

  private int places(Risk risk) {
    return items(risk).stream().mapToInt(item -> item.places().size()).sum();
  }

  private static void add(List<String> parts, int count, String one, String many) {
    if (count > 0) {
      parts.add(count + " " + (count == 1 ? one : many));
    }
  }

  private String cost() {
    double more = costs.stream().mapToDouble(CostChange::expectedUsd).sum();
    if (Math.abs(more) >= CostRisks.NOTHING) {
      return CostRisks.signed(more) + " USD a month";
    }
    return items(Risk.COST).isEmpty() ? "" : "cost to look at";
  }
}
