package dev.mlinfra.cost.internal.aws;

import static dev.mlinfra.cost.LineItem.HOURS_PER_MONTH;

import dev.mlinfra.cost.Charge;
import dev.mlinfra.cost.LineItem.Kind;
import dev.mlinfra.cost.internal.Bill;
import dev.mlinfra.cost.internal.Pricer;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Endpoints of SageMaker, by the variants of the configuration that they use. */
final class EndpointPricer implements Pricer {
  private static final String CONFIG = "AWS::SageMaker::EndpointConfig";
  private static final double SECONDS_PER_MONTH = HOURS_PER_MONTH * 3600;

  @Override
  public Set<String> types() {
    return Set.of("AWS::SageMaker::Endpoint");
  }

  @Override
  public void price(Bill bill) {
    Optional<Resource> config = Siblings.named(bill, bill.property("EndpointConfigName"), CONFIG);
    List<Value> variants =
        config
            .map(it -> bill.model().property(it, "ProductionVariants").asList())
            .orElse(List.of());
    if (variants.isEmpty()) {
      bill.notPriced("its endpoint configuration is not in the template");
    }
    for (Value variant : variants) {
      if (variant.entry("ServerlessConfig").isMissing()) {
        instances(bill, variant);
      } else {
        serverless(bill, variant.entry("ServerlessConfig"));
      }
    }
  }

  private static void instances(Bill bill, Value variant) {
    Optional<String> type = variant.entry("InstanceType").asText();
    if (type.isEmpty()) {
      bill.notPriced("the instance type of a variant is only known at deployment");
      return;
    }
    Value given = variant.entry("InitialInstanceCount");
    double count = Numbers.of(given).orElse(1.0);
    String name =
        given.isSymbolic()
            ? "instance, its InitialInstanceCount being known only at deployment"
            : "InitialInstanceCount";
    Optional<Resource> target = ScalableTargets.of(bill);
    Optional<Double> most =
        target.isEmpty()
            ? Optional.of(count).filter(it -> !given.isSymbolic())
            : ScalableTargets.max(bill, target.get());
    String mostName = target.isEmpty() ? name : "MaxCapacity";
    Aws.priced(
        bill,
        SageMaker.SERVICE,
        SageMaker.item(type.get()),
        price ->
            bill.line(
                type.get(),
                Kind.RUNNING,
                SageMaker.month(count, price, name),
                most.map(it -> SageMaker.month(it, price, mostName))));
  }

  private static void serverless(Bill bill, Value serverless) {
    Optional<String> memory = serverless.entry("MemorySizeInMB").asText();
    if (memory.isEmpty()) {
      bill.notPriced("the memory of a serverless variant is only known at deployment");
      return;
    }
    Amount seconds = Calls.of(bill).times(Assumption.of("lambda.secondsPerCall"));
    Optional<Double> most = Numbers.of(serverless.entry("MaxConcurrency"));
    Aws.priced(
        bill,
        SageMaker.SERVICE,
        "serverless inference %s MB".formatted(memory.get()),
        price ->
            bill.line(
                "serverless inference",
                Kind.RUNNING,
                new Charge(seconds.count(), price, seconds.why()),
                most.map(
                    concurrency ->
                        new Charge(
                            concurrency * SECONDS_PER_MONTH,
                            price,
                            "%s MaxConcurrency x 730 h x 3600 s"
                                .formatted(Numbers.text(concurrency))))));
    if (!serverless.entry("ProvisionedConcurrency").isMissing()) {
      bill.notPriced("no source for provisioned concurrency of serverless inference");
    }
  }
}
