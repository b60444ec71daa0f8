package dev.mlinfra.cost.internal.aws;

import dev.mlinfra.cost.internal.Bill;
import dev.mlinfra.cost.internal.Pricer;
import java.util.Set;

/** Budgets cost nothing; one that acts does. */
final class BudgetPricer implements Pricer {
  private static final String ACTION = "AWS::Budgets::BudgetsAction";
  private static final double DAYS_PER_MONTH = 730 / 24.0;

  @Override
  public Set<String> types() {
    return Set.of("AWS::Budgets::Budget", ACTION);
  }

  @Override
  public void price(Bill bill) {
    if (bill.resource().type().equals(ACTION)) {
      Aws.always(
          bill,
          "budget with an action",
          "budgets",
          "action-enabled budget after 62 budget-days/month",
          DAYS_PER_MONTH,
          "730 h / 24 days; the account's free budget-days are not deducted");
    } else {
      bill.free("a budget without actions costs nothing");
    }
  }
}
