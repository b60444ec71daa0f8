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

  /** Whether one of them gives the task that is priced a public address. */
  static boolean givePublicAddress(Bill bill) {
    return Siblings.of(bill, RULE, SCHEDULE).stream()
        .map(schedule -> targets(bill, schedule))
        .filter(targets -> Siblings.names(bill, targets, bill.resource()))
        .flatMap(targets -> targets.oneOrMany().stream())
        .map(target -> target.at("EcsParameters.NetworkConfiguration.AwsvpcConfiguration"))
        .anyMatch(
            network -> network.entry("AssignPublicIp").asText().equals(Optional.of("ENABLED")));
  }

  private static Value targets(Bill bill, Resource schedule) {
    return bill.model().property(schedule, schedule.type().equals(RULE) ? "Targets" : "Target");
  }

  /** The runs of a month; empty when no schedule starts it, or none that can be read. */
  static Optional<Amount> runsOf(Bill bill) {
    double runs = 0;
    List<String> expressions = new ArrayList<>();
    for (Resource schedule : Siblings.of(bill, RULE, SCHEDULE)) {
      Value targets = targets(bill, schedule);
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
