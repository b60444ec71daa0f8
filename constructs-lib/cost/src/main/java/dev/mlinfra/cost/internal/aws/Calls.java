package dev.mlinfra.cost.internal.aws;

import dev.mlinfra.core.Usage;
import dev.mlinfra.cost.internal.Bill;

/**
 * How often something is called per month, by what it is for: once per prediction, once per
 * training run, or as often as is assumed for the rest.
 */
final class Calls {
  private Calls() {}

  static Amount of(Bill bill) {
    Usage usage = bill.usage();
    return switch (bill.workload()) {
      case "", "prediction" ->
          Amount.of((double) usage.predictionsPerMonth(), "usage.predictionsPerMonth");
      case "training" -> trainingRuns(usage);
      default -> Amount.of(Assumption.of("calls.otherPerMonth"));
    };
  }

  /** How often something is trained. */
  static Amount trainingRuns(Usage usage) {
    Assumption hours = Assumption.of("training.hoursPerRun");
    return new Amount(
        usage.trainingHoursPerMonth() / hours.value(),
        "%s usage.trainingHoursPerMonth / %s"
            .formatted(Numbers.text(usage.trainingHoursPerMonth()), hours));
  }
}
