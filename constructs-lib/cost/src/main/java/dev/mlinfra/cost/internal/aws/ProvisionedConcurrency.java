package dev.mlinfra.cost.internal.aws;

import dev.mlinfra.cost.LineItem;
import dev.mlinfra.cost.internal.Bill;
import dev.mlinfra.template.Value;

/** Instances of a function that Lambda keeps ready all the time. */
final class ProvisionedConcurrency {
  private static final String NUMBER =
      "ProvisionedConcurrencyConfig.ProvisionedConcurrentExecutions";

  private ProvisionedConcurrency() {}

  static boolean isSet(Bill bill) {
    return !bill.property(NUMBER).isMissing();
  }

  /**
   * Adds its line, if the resource sets it.
   *
   * @param durationItem what the function's duration is billed as, which tells the architecture
   */
  static void price(Bill bill, double gb, String durationItem) {
    Value given = bill.property(NUMBER);
    if (given.isMissing()) {
      return;
    }
    if (Numbers.of(given).isEmpty()) {
      bill.notPriced("the provisioned concurrency is only known at deployment");
      return;
    }
    double instances = Numbers.of(given).get();
    Aws.always(
        bill,
        "provisioned concurrency",
        "lambda",
        durationItem.contains("ARM")
            ? "provisioned concurrency ARM"
            : "provisioned concurrency x86",
        instances * gb * LineItem.HOURS_PER_MONTH * 3600,
        "%s instances x %s GB x 730 h x 3600 s"
            .formatted(Numbers.text(instances), Numbers.text(gb)));
  }
}
