package dev.mlinfra.cost.internal.aws;

import dev.mlinfra.cost.internal.Bill;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Which rules and schedules of EventBridge start the resource that is priced, and how often. */
final class Schedules {
  private static final String RULE = "AWS::Events::Rule";
  private static final String SCHEDULE = "AWS::Scheduler::Schedule";

  private Schedules() {}

  /** The runs of a month; empty when no schedule starts it, or none that can be read. */
  static Optional<Amount> runsOf(Bill bill) {
    double runs = 0;
    List<String> expressions = new ArrayList<>();
    for (Resource schedule : Siblings.of(bill, RULE, SCHEDULE)) {
      Value targets =
          bill.model().property(schedule, schedule.type().equals(RULE) ? "Targets" : "Target");
      Value expression = bill.model().property(schedule, "ScheduleExpression");
      OptionalDouble each =
          expression.asText().map(Schedule::runsPerMonth).orElse(OptionalDouble.empty());
      if (each.isPresent() && Siblings.names(bill, targets, bill.resource())) {
        runs += each.getAsDouble();
        expressions.add(expression.asText().orElseThrow());
      }
    }
    return expressions.isEmpty()
        ? Optional.empty()
        : Optional.of(Amount.of(runs, "runs by " + String.join(" and ", expressions)));
  }
}
