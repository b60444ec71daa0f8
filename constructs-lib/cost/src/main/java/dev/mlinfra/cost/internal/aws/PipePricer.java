package dev.mlinfra.cost.internal.aws;

import dev.mlinfra.cost.internal.Bill;
import dev.mlinfra.cost.internal.Pricer;
import java.util.Set;

/** Pipes of EventBridge, by the events that they take on. */
final class PipePricer implements Pricer {
  @Override
  public Set<String> types() {
    return Set.of("AWS::Pipes::Pipe");
  }

  @Override
  public void price(Bill bill) {
    Aws.used(bill, "requests", "eventbridge", "Pipes requests", Calls.of(bill).per(1_000_000));
  }
}
