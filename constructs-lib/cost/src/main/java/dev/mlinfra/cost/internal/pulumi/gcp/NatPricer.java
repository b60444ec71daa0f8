package dev.mlinfra.cost.internal.pulumi.gcp;

import dev.mlinfra.cost.internal.pulumi.Cloud;
import dev.mlinfra.cost.internal.pulumi.Inputs;
import dev.mlinfra.cost.internal.pulumi.NotPriced;
import dev.mlinfra.cost.internal.pulumi.PulumiPricer;
import java.util.Optional;
import java.util.Set;

/** Cloud NAT: the gateway; how much goes through it nothing says. */
final class NatPricer implements PulumiPricer {
  @Override
  public Set<String> types() {
    return Set.of("gcp:compute/routerNat:RouterNat");
  }

  @Override
  public void price(Inputs in) {
    in.part(
        () ->
            in.bill()
                .always(
                    "gateway",
                    Optional.of(in.price(Cloud.GCP, "nat", "gateway")),
                    730,
                    "1 gateway x 730 h, at the price for many machines"));
    throw new NotPriced("data through the gateway: usage does not say how much");
  }
}
