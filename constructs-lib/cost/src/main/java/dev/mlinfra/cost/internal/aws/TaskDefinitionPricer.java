package dev.mlinfra.cost.internal.aws;

import dev.mlinfra.cost.Charge;
import dev.mlinfra.cost.LineItem.Kind;
import dev.mlinfra.cost.Price;
import dev.mlinfra.cost.internal.Bill;
import dev.mlinfra.cost.internal.Pricer;
import dev.mlinfra.template.ResolvedModel;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Task definitions of ECS that no service runs: tasks that a schedule or a program starts. ECS has
 * no limit for how long a task runs; a container that sleeps can be one.
 */
final class TaskDefinitionPricer implements Pricer {
  static final String TYPE = "AWS::ECS::TaskDefinition";
  private static final double MINUTES_PER_HOUR = 60;
  private static final double SECONDS_PER_HOUR = 3600;

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
        longest(bill).map(most -> new Charge(most.count(), price.get(), most.why())));
    if (Schedules.givePublicAddress(bill)) {
      addresses(bill, hours);
    }
    bill.job(
        OptionalInt.of(1),
        deadline(bill),
        price.map(it -> new Charge(1, it, "1 task of " + it.item())),
        OptionalInt.empty());
  }

  private static void addresses(Bill bill, Amount hours) {
    Aws.priced(
        bill,
        PublicAddress.SERVICE,
        PublicAddress.ITEM,
        price ->
            bill.line(
                "public IPv4 addresses",
                Kind.RUNNING,
                new Charge(hours.count(), price, hours.why()),
                longest(bill).map(most -> new Charge(most.count(), price, most.why()))));
  }

  /** Every run of the schedule until its deadline; empty where one of the two is missing. */
  private static Optional<Amount> longest(Bill bill) {
    return deadline(bill)
        .flatMap(
            limit ->
                Schedules.runsOf(bill)
                    .map(
                        runs ->
                            runs.times((double) limit.toSeconds(), "s, the deadline")
                                .per(SECONDS_PER_HOUR)));
  }

  /**
   * When an essential container ends, ECS ends the task: one that does nothing but sleep is its
   * limit.
   */
  private static Optional<Duration> deadline(Bill bill) {
    return bill.property("ContainerDefinitions").asList().stream()
        .filter(it -> it.entry("Essential").asBoolean().orElse(true))
        .filter(
            it ->
                it.entry("EntryPoint").equals(new Value.Sequence(List.of(new Value.Text("sleep")))))
        .filter(it -> it.entry("Command").asList().size() == 1)
        .flatMap(it -> Numbers.seconds(it.entry("Command").item(0)).stream())
        .min(Comparator.naturalOrder());
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
