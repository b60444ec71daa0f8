package dev.mlinfra.cost.internal.aws;

import dev.mlinfra.cost.Charge;
import dev.mlinfra.cost.LineItem.Kind;
import dev.mlinfra.cost.Price;
import dev.mlinfra.cost.internal.Bill;
import dev.mlinfra.cost.internal.Pricer;
import dev.mlinfra.template.ResolvedModel;
import dev.mlinfra.template.Resource;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Task definitions of ECS that no service runs: tasks that a schedule or a program starts. ECS has
 * no limit for how long a task runs.
 */
final class TaskDefinitionPricer implements Pricer {
  static final String TYPE = "AWS::ECS::TaskDefinition";
  private static final double MINUTES_PER_HOUR = 60;

  @Override
  public Set<String> types() {
    return Set.of(TYPE);
  }

  static boolean isFargate(ResolvedModel model, Resource definition) {
    return model.property(definition, "RequiresCompatibilities").asList().stream()
        .anyMatch(it -> it.asText().filter("FARGATE"::equals).isPresent());
  }

  @Override
  public void price(Bill bill) {
    if (isOfService(bill)) {
      bill.elsewhere("its tasks are billed at the service that runs them");
      return;
    }
    if (!isFargate(bill.model(), bill.resource())) {
      bill.elsewhere("its tasks run on instances, which are billed where they are started");
      return;
    }
    Optional<Fargate.Size> size = Fargate.ofTask(bill.model(), bill.resource());
    Optional<Price> price = size.flatMap(it -> Fargate.price(bill, it, false));
    if (price.isEmpty()) {
      bill.notPriced("the size of its tasks, or a price for it, is not known here");
      return;
    }
    Amount hours = hours(bill);
    bill.line(
        "Fargate",
        Kind.RUNNING,
        new Charge(hours.count(), price.get(), hours.why()),
        Optional.empty());
    bill.job(
        OptionalInt.of(1),
        Optional.empty(),
        price.map(it -> new Charge(1, it, "1 task of " + it.item())),
        OptionalInt.empty());
  }

  private static boolean isOfService(Bill bill) {
    return Siblings.of(bill, ServicePricer.TYPE).stream()
        .anyMatch(
            service ->
                Siblings.names(
                    bill, bill.model().property(service, "TaskDefinition"), bill.resource()));
  }

  private static Amount hours(Bill bill) {
    if (bill.workload().equals("training")) {
      return Amount.of(bill.usage().trainingHoursPerMonth(), "h, usage.trainingHoursPerMonth");
    }
    return Schedules.runsOf(bill)
        .orElseGet(() -> Calls.of(bill))
        .times(Assumption.of("ecs.minutesPerTask"))
        .per(MINUTES_PER_HOUR);
  }
}
