package dev.mlinfra.cost.internal.aws;

import dev.mlinfra.cost.internal.Bill;
import dev.mlinfra.cost.internal.Pricer;
import java.util.Set;

/** Rules and buses of EventBridge: only events of one's own are billed, where they are put. */
final class RulePricer implements Pricer {
  private static final String BUS = "AWS::Events::EventBus";

  @Override
  public Set<String> types() {
    return Set.of("AWS::Events::Rule", BUS);
  }

  @Override
  public void price(Bill bill) {
    if (bill.resource().type().equals(BUS)) {
      Aws.used(bill, "events", "eventbridge", "custom events", Calls.of(bill).per(1_000_000));
    } else if (bill.property("EventBusName").isMissing()) {
      bill.free(
          "events of AWS itself and schedules cost nothing; targets are billed where they are");
    } else {
      bill.elsewhere("events are billed at the bus that they are put on");
    }
  }
}
