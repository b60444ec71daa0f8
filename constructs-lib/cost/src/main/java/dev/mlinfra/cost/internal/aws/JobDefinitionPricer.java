package dev.mlinfra.cost.internal.aws;

import dev.mlinfra.cost.Charge;
import dev.mlinfra.cost.Price;
import dev.mlinfra.cost.internal.Bill;
import dev.mlinfra.cost.internal.Pricer;
import dev.mlinfra.template.Value;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Job definitions of Batch: what runs is billed at the compute environments; what one job can cost
 * is attempts x timeout x the dearest machine that it can get, alone on it.
 */
final class JobDefinitionPricer implements Pricer {
  static final String TYPE = "AWS::Batch::JobDefinition";

  @Override
  public Set<String> types() {
    return Set.of(TYPE);
  }

  @Override
  public void price(Bill bill) {
    bill.elsewhere("its jobs are billed at the compute environments that they run in");
    Value properties = bill.model().properties(bill.resource());
    bill.job(
        attempts(properties),
        timeout(properties),
        isFargate(properties) ? fargate(bill) : machine(bill, properties),
        atOnce(bill, properties));
  }

  static boolean isFargate(Value definition) {
    return definition.entry("PlatformCapabilities").asList().stream()
        .anyMatch(it -> it.asText().filter("FARGATE"::equals).isPresent());
  }

  /** The container that a definition describes, in whichever way. */
  static Value container(Value definition) {
    Value tasks = definition.at("EcsProperties.TaskProperties[0].Containers[0]");
    return tasks.isMissing() ? definition.entry("ContainerProperties") : tasks;
  }

  /** How much of a resource a container asks for, in the new way or the old. */
  static Optional<Double> requirement(Value container, String kind, String old) {
    return Numbers.of(
        container.entry("ResourceRequirements").asList().stream()
            .filter(it -> it.entry("Type").asText().filter(kind::equals).isPresent())
            .findFirst()
            .map(it -> it.entry("Value"))
            .orElse(container.entry(old)));
  }

  private static OptionalInt attempts(Value definition) {
    Value attempts = definition.at("RetryStrategy.Attempts");
    return attempts.isMissing() ? OptionalInt.of(1) : Numbers.whole(attempts);
  }

  private static Optional<Duration> timeout(Value definition) {
    return Numbers.seconds(definition.at("Timeout.AttemptDurationSeconds"));
  }

  private static Optional<Charge> fargate(Bill bill) {
    return Fargate.ofJob(bill.model(), bill.resource())
        .flatMap(
            size ->
                Fargate.price(bill, size, false)
                    .map(price -> new Charge(1, price, "1 task of " + size.text())));
  }

  /** A job on several nodes has as many machines. */
  private static Optional<Charge> machine(Bill bill, Value definition) {
    double nodes = Numbers.of(definition.at("NodeProperties.NumNodes")).orElse(1.0);
    return environments(bill, false).stream()
        .flatMap(
            environment ->
                environment.machines().machines().stream()
                    .map(machine -> environment.market().worst(machine)))
        .max(Comparator.comparing((Price price) -> price.usd().high()))
        .map(
            price ->
                new Charge(
                    nodes,
                    price,
                    "%s of %s, the dearest type that it can get"
                        .formatted(Numbers.text(nodes), price.item())));
  }

  private static List<ComputeEnvironment> environments(Bill bill, boolean fargate) {
    return ComputeEnvironment.all(bill).stream()
        .filter(environment -> environment.isFargate() == fargate)
        .toList();
  }

  /** As many as the vCPUs of all environments have room for. */
  private static OptionalInt atOnce(Bill bill, Value definition) {
    Optional<Double> each = requirement(container(definition), "VCPU", "Vcpus");
    List<ComputeEnvironment> environments = environments(bill, isFargate(definition));
    if (each.isEmpty()
        || each.get() <= 0
        || environments.isEmpty()
        || environments.stream().anyMatch(it -> it.maxVcpus().isEmpty())) {
      return OptionalInt.empty();
    }
    double most = environments.stream().mapToDouble(it -> it.maxVcpus().orElse(0.0)).sum();
    return OptionalInt.of((int) (most / each.get()));
  }
}
