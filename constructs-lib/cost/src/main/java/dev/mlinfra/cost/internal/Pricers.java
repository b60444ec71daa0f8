package dev.mlinfra.cost.internal;

import dev.mlinfra.cost.internal.aws.AwsPricers;
import dev.mlinfra.cost.internal.aws.CustomResourcePricer;
import dev.mlinfra.cost.internal.pulumi.PulumiPricers;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Every pricer. */
final class Pricers {
  private static final Map<String, Pricer> BY_TYPE =
      Stream.of(AwsPricers.ALL)
          .flatMap(List::stream)
          .flatMap(pricer -> pricer.types().stream().map(type -> Map.entry(type, pricer)))
          .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

  private static final Pricer UNKNOWN =
      new Pricer() {
        @Override
        public Set<String> types() {
          return Set.of();
        }

        @Override
        public void price(Bill bill) {
          bill.notPriced("no rule for " + bill.resource().type());
        }
      };

  private Pricers() {}

  /** Types of CloudFormation have two colons in a row, those of Pulumi have not. */
  static Pricer of(String type) {
    if (!type.contains("::")) {
      return PulumiPricers.ANY;
    }
    return BY_TYPE.getOrDefault(
        CustomResourcePricer.isCustom(type) ? CustomResourcePricer.TYPE : type, UNKNOWN);
  }
}
