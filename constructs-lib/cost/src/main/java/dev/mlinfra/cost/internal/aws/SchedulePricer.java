package dev.mlinfra.cost.internal.aws;

import dev.mlinfra.cost.Charge;
import dev.mlinfra.cost.LineItem.Kind;
import dev.mlinfra.cost.internal.Bill;
import dev.mlinfra.cost.internal.Pricer;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** Schedules of EventBridge Scheduler, by how often they start something. */
final class SchedulePricer implements Pricer {
  /** Scheduler's own, where none is given. */
  private static final double DEFAULT_RETRIES = 185;

  @Override
  public Set<String> types() {
    return Set.of("AWS::Scheduler::Schedule");
  }

  @Override
  public void price(Bill bill) {
    Optional<String> expression = bill.property("ScheduleExpression").asText();
    OptionalDouble runs = expression.map(Schedule::runsPerMonth).orElse(OptionalDouble.empty());
    if (runs.isEmpty()) {
      bill.notPriced("how often it starts something is not known here");
      return;
    }
    double retries =
        Numbers.of(bill, "Target.RetryPolicy.MaximumRetryAttempts", DEFAULT_RETRIES)
            .orElse(DEFAULT_RETRIES);
    Amount expected = Amount.of(runs.getAsDouble(), "runs by " + expression.get()).per(1_000_000);
    Amount most = expected.times(1 + retries, "attempts");
    Aws.priced(
        bill,
        "eventbridge",
        "Scheduler invocations after 14M free/month",
        price ->
            bill.line(
                "invocations",
                Kind.USED,
                new Charge(expected.count(), price, expected.why()),
                Optional.of(new Charge(most.count(), price, most.why()))));
  }
}
