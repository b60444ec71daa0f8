package dev.mlinfra.policy.internal.money;

import dev.mlinfra.core.Pattern;
import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Property;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.util.List;

/** No endpoint waits for requests in the batch pattern, unless it scales to nothing. */
final class IdleEndpoint implements Rule {
  private static final List<String> VARIANTS =
      List.of("ProductionVariants[]", "ShadowProductionVariants[]");

  @Override
  public String id() {
    return "mlinfra::money.idle-endpoint";
  }

  @Override
  public String requirement() {
    return "In the batch pattern an endpoint is serverless, or scales its instances to zero.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    for (Resource endpoint : inspection.resources("AWS::SageMaker::Endpoint")) {
      if (inspection.pattern(endpoint) == Pattern.BATCH) {
        Value naming = inspection.property(endpoint, "EndpointConfigName");
        List<Resource> configurations = named(naming, inspection);
        if (configurations.isEmpty()) {
          outcomes.undecided(
              endpoint,
              "EndpointConfigName",
              naming,
              "the configuration is not in the model",
              "put the configuration into the same program");
        }
        Verdict scales = scalesToZero(endpoint, inspection);
        configurations.forEach(it -> variants(it, scales, inspection, outcomes));
      }
    }
  }

  private static List<Resource> named(Value naming, Inspection inspection) {
    return naming.alternatives().stream().flatMap(it -> inspection.named(it).stream()).toList();
  }

  private static void variants(
      Resource configuration, Verdict scales, Inspection inspection, Outcomes.Of outcomes) {
    for (String path : VARIANTS) {
      for (Property variant : Property.of(inspection.properties(configuration), path)) {
        Verdict idles = Decide.each(variant.value(), IdleEndpoint::endsByItself);
        outcomes.decided(
            Decide.best(List.of(idles, scales)),
            configuration,
            variant.at(),
            variant.value().entry("InitialInstanceCount"),
            "its instances wait for requests, and are billed",
            "use a batch transform, ServerlessConfig, or a scalable target with MinCapacity 0");
      }
    }
  }

  /** Whether a variant has no instances, or none when nothing is asked. */
  private static Verdict endsByItself(Value variant) {
    Verdict serverless = Decide.present(variant.entry("ServerlessConfig"));
    Value scaling = variant.entry("ManagedInstanceScaling");
    Verdict managed =
        Verdict.worst(
            List.of(
                Decide.oneOf(scaling.entry("Status"), "ENABLED"),
                isZero(scaling.entry("MinInstanceCount"))));
    return Decide.best(List.of(serverless, managed));
  }

  /** Whether Application Auto Scaling takes the endpoint down to no instance. */
  private static Verdict scalesToZero(Resource endpoint, Inspection inspection) {
    return Decide.best(
        inspection.resources("AWS::ApplicationAutoScaling::ScalableTarget").stream()
            .filter(target -> isOf(target, endpoint, inspection))
            .map(target -> isZero(inspection.property(target, "MinCapacity")))
            .toList());
  }

  private static Verdict isZero(Value value) {
    return Decide.number(value, number -> number.signum() == 0);
  }

  /** {@code endpoint/NAME/variant/VARIANT}. */
  private static boolean isOf(Resource target, Resource endpoint, Inspection inspection) {
    Value id = inspection.property(target, "ResourceId");
    String name =
        inspection
            .property(endpoint, "EndpointName")
            .resolvedText(inspection.context(endpoint))
            .toString();
    return id.references(inspection.context(target)).contains(endpoint.id())
        || (!name.isEmpty()
            && id.resolvedText(inspection.context(target))
                .toString()
                .startsWith("endpoint/" + name + "/"));
  }
}
