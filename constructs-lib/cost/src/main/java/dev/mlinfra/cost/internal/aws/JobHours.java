package dev.mlinfra.cost.internal.aws;

import dev.mlinfra.cost.internal.Bill;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * How many hours a compute environment of Batch is expected to run. A queue sends jobs to its first
 * environment; the others stand behind it. Hours are shared by the environments that come first and
 * are there for the same.
 */
final class JobHours {
  private static final double SECONDS_PER_HOUR = 3600;

  private JobHours() {}

  static Amount of(Bill bill) {
    List<ComputeEnvironment> first = first(bill);
    boolean isFirst = first.stream().anyMatch(it -> it.resource().equals(bill.resource()));
    if (!isFirst) {
      return new Amount(0, "0 h: its queue sends jobs to another environment first");
    }
    return work(bill).share(first.size(), "environments that come first");
  }

  private static Amount work(Bill bill) {
    if (bill.workload().equals("prediction")) {
      return Calls.of(bill)
          .times(Assumption.of("batch.secondsPerPrediction"))
          .per(SECONDS_PER_HOUR);
    }
    return Amount.of(bill.usage().trainingHoursPerMonth(), "h, usage.trainingHoursPerMonth");
  }

  private static List<ComputeEnvironment> first(Bill bill) {
    List<ComputeEnvironment> all = ComputeEnvironment.all(bill);
    List<ComputeEnvironment> first = new ArrayList<>();
    for (Resource queue : Siblings.of(bill, "AWS::Batch::JobQueue")) {
      bill.model().property(queue, "ComputeEnvironmentOrder").asList().stream()
          .min(Comparator.comparing(entry -> order(entry)))
          .flatMap(entry -> named(bill, entry.entry("ComputeEnvironment"), all))
          .filter(environment -> !first.contains(environment))
          .ifPresent(first::add);
    }
    return first.isEmpty() ? all : first;
  }

  private static double order(Value entry) {
    return Numbers.of(entry.entry("Order")).orElse(0.0);
  }

  private static Optional<ComputeEnvironment> named(
      Bill bill, Value value, List<ComputeEnvironment> all) {
    return all.stream()
        .filter(environment -> Siblings.names(bill, value, environment.resource()))
        .findFirst();
  }
}
