package dev.mlinfra.review;

import dev.mlinfra.core.Budget;
import dev.mlinfra.cost.Estimate;
import dev.mlinfra.cost.Usd;
import java.util.List;

/**
 * A limit of a budget that an environment does not keep.
 *
 * @param environment its name
 * @param limit the key below {@code budget:}, such as {@code monthlyUsd}
 * @param amount what it comes to
 * @param allowed what is allowed
 */
public record OverBudget(String environment, String limit, String amount, String allowed) {

  /** The limits that an estimate does not keep. */
  static List<OverBudget> of(Estimate estimate, Budget budget) {
    return estimate.expected().high() > budget.monthlyUsd()
        ? List.of(
            new OverBudget(
                estimate.environment(),
                "monthlyUsd",
                estimate.expected() + " a month expected",
                Usd.of(budget.monthlyUsd()).toString()))
        : List.of();
  }
}
