package dev.mlinfra.cost.internal.aws;

import dev.mlinfra.cost.Charge;
import dev.mlinfra.cost.LineItem.Kind;
import dev.mlinfra.cost.Price;
import dev.mlinfra.cost.internal.Bill;
import dev.mlinfra.cost.internal.Pricer;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * State machines of Step Functions, the training jobs of SageMaker that they start, and the calls
 * of functions that a Distributed Map makes.
 */
final class StateMachinePricer implements Pricer {
  private static final double MB_PER_GB = 1024;
  private static final double EXPRESS_MB = 64;
  private static final double LEAST_MEMORY_MB = 128;

  /** What SageMaker allows itself where a job says nothing. */
  private static final Duration DEFAULT_LIMIT = Duration.ofDays(1);

  @Override
  public Set<String> types() {
    return Set.of("AWS::StepFunctions::StateMachine", "AWS::Serverless::StateMachine");
  }

  @Override
  public void price(Bill bill) {
    Amount runs = Schedules.runsOf(bill).orElseGet(() -> Calls.of(bill));
    Optional<Workflow> workflow = Workflow.of(bill);
    String type =
        bill.property("StateMachineType")
            .asText()
            .or(() -> bill.property("Type").asText())
            .orElse("STANDARD");
    if (type.equals("EXPRESS")) {
      express(bill, runs);
    } else {
      Amount transitions =
          workflow.isPresent()
              ? runs.times(workflow.get().states(), "states, each passed once")
              : runs.times(Assumption.of("stepfunctions.transitionsPerRun"));
      Aws.used(
          bill,
          "transitions",
          "stepfunctions",
          "standard workflow transitions",
          transitions.per(1000));
    }
    for (Workflow.Task task : workflow.map(Workflow::tasks).orElse(List.of())) {
      if (task.calls().contains("sagemaker:createTrainingJob")) {
        training(bill, task);
      }
    }
    for (Workflow.ManyRuns many : workflow.map(Workflow::runs).orElse(List.of())) {
      for (Workflow.Task task : many.tasks()) {
        if (task.calls().contains("lambda:invoke")) {
          manyCalls(bill, many, task);
        }
      }
    }
  }

  /** One run calls the function for each item, and each call may take as long as it may. */
  private static void manyCalls(Bill bill, Workflow.ManyRuns runs, Workflow.Task task) {
    Optional<Resource> function = function(bill, task.arguments().entry("FunctionName"));
    if (function.isEmpty()) {
      bill.elsewhere("the function that it calls for each item is billed where it is defined");
      return;
    }
    Value memory = bill.model().property(function.get(), "MemorySize");
    double gb = Numbers.of(memory).orElse(LEAST_MEMORY_MB) / MB_PER_GB;
    bill.job(
        runs.items().isPresent()
            ? OptionalInt.of(runs.items().getAsInt() * task.attempts())
            : OptionalInt.empty(),
        Numbers.seconds(bill.model().property(function.get(), "Timeout")),
        bill.awsPrice("lambda", "duration x86 first 6B GB-s")
            .map(
                price ->
                    new Charge(
                        gb * 3600, price, "%s GB of memory x 3600 s".formatted(Numbers.text(gb)))),
        runs.atOnce());
  }

  /** The function that a name means, by itself or through an alias of it. */
  private static Optional<Resource> function(Bill bill, Value name) {
    Optional<Resource> alias = Siblings.named(bill, name, "AWS::Lambda::Alias");
    return Siblings.named(
        bill,
        alias.map(found -> bill.model().property(found, "FunctionName")).orElse(name),
        "AWS::Lambda::Function");
  }

  private static void express(Bill bill, Amount runs) {
    Aws.used(bill, "requests", "stepfunctions", "express requests", runs.per(1_000_000));
    Aws.used(
        bill,
        "duration",
        "stepfunctions",
        "express duration first 1K GB-hours",
        runs.times(Assumption.of("stepfunctions.expressSeconds"))
            .times(EXPRESS_MB / MB_PER_GB, "GB, the least that is billed,")
            .per(3600));
  }

  private static void training(Bill bill, Workflow.Task task) {
    Value resources = task.arguments().entry("ResourceConfig");
    Optional<String> type = resources.entry("InstanceType").asText();
    if (type.isEmpty()) {
      bill.notPriced("the instance type of a training job is only known when it starts");
      return;
    }
    Value given = resources.entry("InstanceCount");
    double instances = Numbers.of(given).orElse(1.0);
    Aws.priced(
        bill,
        SageMaker.SERVICE,
        SageMaker.item(type.get()),
        price -> training(bill, task, instances, price));
  }

  private static void training(Bill bill, Workflow.Task task, double instances, Price price) {
    Amount hours =
        Amount.of(bill.usage().trainingHoursPerMonth(), "h, usage.trainingHoursPerMonth,")
            .times(instances, "InstanceCount");
    bill.line(
        price.item(),
        Kind.RUNNING,
        new Charge(hours.count(), price, hours.why()),
        Optional.empty());
    Value limit = task.arguments().at("StoppingCondition.MaxRuntimeInSeconds");
    Optional<Duration> timeout =
        limit.isMissing() ? Optional.of(DEFAULT_LIMIT) : Numbers.seconds(limit);
    bill.job(
        OptionalInt.of(task.attempts()),
        timeout,
        Optional.of(new Charge(instances, price, Numbers.text(instances) + " InstanceCount")),
        OptionalInt.empty());
  }
}
