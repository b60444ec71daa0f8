package dev.mlinfra.review;

import dev.mlinfra.core.Budget;
import dev.mlinfra.cost.Estimate;
import dev.mlinfra.cost.LimitResult;
import dev.mlinfra.cost.Limits;
import java.util.List;
import java.util.Locale;

/**
 * A limit of a budget that an environment does not keep.
 *
 * @param environment its name
 * @param limit the key below {@code budget:}, such as {@code monthlyUsd}, and the job where one is
 *     meant
 * @param amount what it comes to, as a sum that can be done again
 * @param allowed what is allowed
 */
public record OverBudget(String environment, String limit, String amount, String allowed) {

  /** The limits that an estimate does not keep. */
  static List<OverBudget> of(Estimate estimate, Budget budget) {
    return Limits.of(budget).check(estimate).stream()
        .filter(LimitResult::isOver)
        .map(
            result ->
                new OverBudget(
                    estimate.environment(),
                    result.name(),
                    result.arithmetic(),
                    number(result.allowed()) + " " + result.unit()))
        .toList();
  }

  private static String number(double allowed) {
    return String.format(Locale.ROOT, allowed == Math.rint(allowed) ? "%,.0f" : "%,.2f", allowed);
  }
}
