package dev.mlinfra.cost.internal.aws;

import static dev.mlinfra.cost.LineItem.HOURS_PER_MONTH;

import dev.mlinfra.cost.Charge;
import dev.mlinfra.cost.LineItem.Kind;
import dev.mlinfra.cost.Price;
import dev.mlinfra.cost.internal.Bill;
import dev.mlinfra.cost.internal.Pricer;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Services of ECS: on Fargate their tasks are billed, else the machines below them. */
final class ServicePricer implements Pricer {
  static final String TYPE = "AWS::ECS::Service";
  private static final String SPOT = "FARGATE_SPOT";

  @Override
  public Set<String> types() {
    return Set.of(TYPE);
  }

  @Override
  public void price(Bill bill) {
    Optional<Resource> definition =
        Siblings.named(bill, bill.property("TaskDefinition"), TaskDefinitionPricer.TYPE);
    List<String> providers =
        bill.property("CapacityProviderStrategy").asList().stream()
            .flatMap(it -> it.entry("CapacityProvider").asText().stream())
            .toList();
    if (!isFargate(bill, providers, definition)) {
      bill.elsewhere("its tasks run on instances, which are billed where they are started");
      return;
    }
    Optional<Fargate.Size> size = definition.flatMap(it -> Fargate.ofTask(bill.model(), it));
    boolean spot = !providers.isEmpty() && providers.stream().allMatch(SPOT::equals);
    Optional<Price> price = size.flatMap(it -> Fargate.price(bill, it, spot));
    Optional<Price> worst = size.flatMap(it -> Fargate.price(bill, it, false));
    if (price.isEmpty() || worst.isEmpty()) {
      bill.notPriced(
          size.isEmpty()
              ? "the size of its tasks is not in the template"
              : "no source for Fargate in " + bill.region(Aws.REFERENCE_REGION));
      return;
    }
    lines(bill, price.get(), worst.get());
  }

  private static boolean isFargate(
      Bill bill, List<String> providers, Optional<Resource> definition) {
    Optional<String> launch = bill.property("LaunchType").asText();
    if (launch.isPresent() || !providers.isEmpty()) {
      return launch.filter("FARGATE"::equals).isPresent()
          || providers.stream().anyMatch(it -> it.startsWith("FARGATE"));
    }
    return definition.filter(it -> TaskDefinitionPricer.isFargate(bill.model(), it)).isPresent();
  }

  private static void lines(Bill bill, Price price, Price worst) {
    Value desired = bill.property("DesiredCount");
    double tasks = Numbers.of(bill, "DesiredCount", 1).orElse(1.0);
    String name =
        desired.isSymbolic() ? "task, DesiredCount being known only at deployment" : "DesiredCount";
    Optional<Resource> target = ScalableTargets.of(bill);
    Optional<Double> most =
        target.isEmpty()
            ? Optional.of(tasks).filter(it -> !desired.isSymbolic())
            : ScalableTargets.max(bill, target.get());
    String mostName = target.isEmpty() ? name : "MaxCapacity";
    Charge expected = month(tasks, price, name);
    bill.line("Fargate", Kind.RUNNING, expected, most.map(it -> month(it, worst, mostName)));
    Value address = bill.property("NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp");
    if (address.asText().filter("ENABLED"::equals).isPresent()) {
      Aws.priced(
          bill,
          PublicAddress.SERVICE,
          PublicAddress.ITEM,
          each ->
              bill.line(
                  "public IPv4 addresses",
                  Kind.RUNNING,
                  month(tasks, each, name),
                  most.map(it -> month(it, each, mostName))));
    }
  }

  private static Charge month(double tasks, Price price, String name) {
    return new Charge(
        tasks * HOURS_PER_MONTH, price, "%s %s x 730 h".formatted(Numbers.text(tasks), name));
  }
}
