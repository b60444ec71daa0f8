package dev.mlinfra.cost.internal.aws;

import dev.mlinfra.cost.internal.Bill;
import dev.mlinfra.cost.internal.Pricer;
import java.util.Set;

/** AWS Config: rules by how often they are evaluated, recorders by what they record. */
final class ConfigPricer implements Pricer {
  private static final String RECORDER = "AWS::Config::ConfigurationRecorder";

  @Override
  public Set<String> types() {
    return Set.of("AWS::Config::ConfigRule", RECORDER);
  }

  @Override
  public void price(Bill bill) {
    if (bill.resource().type().equals(RECORDER)) {
      Aws.used(
          bill,
          "items",
          "config",
          "configuration items (continuous)",
          Amount.of(Assumption.of("config.itemsPerMonth")));
    } else {
      Aws.used(
          bill,
          "evaluations",
          "config",
          "rule evaluations first 100K",
          Amount.of(Assumption.of("config.evaluationsPerRule")));
    }
  }
}
