package dev.mlinfra.cost.internal.pulumi;

import dev.mlinfra.cost.Explained;
import dev.mlinfra.cost.internal.Bill;
import dev.mlinfra.cost.internal.Pricer;
import dev.mlinfra.cost.internal.pulumi.aws.AwsPricers;
import dev.mlinfra.cost.internal.pulumi.azure.AzurePricers;
import dev.mlinfra.cost.internal.pulumi.gcp.GcpPricers;
import dev.mlinfra.cost.internal.pulumi.kubernetes.KubernetesPricers;
import dev.mlinfra.cost.internal.pulumi.runpod.RunPodPricers;
import dev.mlinfra.template.Resource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Every pricer of Pulumi's resources. */
public final class PulumiPricers {
  /** Prices any of them. */
  public static final Pricer ANY =
      new Pricer() {
        @Override
        public Set<String> types() {
          return Set.of();
        }

        @Override
        public void price(Bill bill) {
          PulumiPricers.price(bill);
        }
      };

  private static final Map<String, PulumiPricer> BY_TYPE =
      Stream.of(
              GcpPricers.ALL,
              AzurePricers.ALL,
              KubernetesPricers.ALL,
              RunPodPricers.ALL,
              AwsPricers.ALL)
          .flatMap(List::stream)
          .flatMap(pricer -> pricer.types().stream().map(type -> Map.entry(type, pricer)))
          .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

  private PulumiPricers() {}

  /** The type of a resource without versions; see {@link PulumiTypes#plain}. */
  public static String type(Resource resource) {
    return PulumiTypes.plain(resource.type());
  }

  /** The pricer of a resource, when its type has one. */
  public static Optional<PulumiPricer> of(Resource resource) {
    return Optional.ofNullable(BY_TYPE.get(type(resource)));
  }

  /** Whether a resource is made by the program; what it only looks up is not. */
  public static boolean isMade(Resource resource) {
    return !resource.attribute("external").asBoolean().orElse(false);
  }

  private static void price(Bill bill) {
    Resource resource = bill.resource();
    Optional<PulumiPricer> pricer = of(resource);
    if (!isMade(resource)) {
      bill.elsewhere("only looked up: it is billed where it is made");
    } else if (!resource.attribute("custom").asBoolean().orElse(true)) {
      bill.elsewhere("a component: its children are billed");
    } else if (pricer.isPresent()) {
      Inputs in = Inputs.of(bill);
      in.part(() -> pricer.get().price(in));
    } else {
      UnbilledTypes.of(type(resource))
          .ifPresentOrElse(
              row -> explain(bill, row.reason(), row.because()),
              () -> bill.notPriced("no rule for " + resource.type()));
    }
  }

  private static void explain(Bill bill, Explained.Reason reason, String because) {
    switch (reason) {
      case FREE -> bill.free(because);
      case ELSEWHERE -> bill.elsewhere(because);
      case NOT_PRICED -> bill.notPriced(because);
    }
  }
}
