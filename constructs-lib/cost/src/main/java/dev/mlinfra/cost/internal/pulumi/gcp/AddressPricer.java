package dev.mlinfra.cost.internal.pulumi.gcp;

import dev.mlinfra.cost.Charge;
import dev.mlinfra.cost.LineItem;
import dev.mlinfra.cost.Price;
import dev.mlinfra.cost.internal.pulumi.Cloud;
import dev.mlinfra.cost.internal.pulumi.Inputs;
import dev.mlinfra.cost.internal.pulumi.PulumiPricer;
import java.util.Optional;
import java.util.Set;

/** Static addresses: dearer while nothing uses them, so that is the worst case. */
final class AddressPricer implements PulumiPricer {
  @Override
  public Set<String> types() {
    return Set.of("gcp:compute/address:Address", "gcp:compute/globalAddress:GlobalAddress");
  }

  @Override
  public void price(Inputs in) {
    if (in.at("addressType").asText().filter("INTERNAL"::equalsIgnoreCase).isPresent()) {
      in.bill().free("an internal address costs nothing");
      return;
    }
    Price used = in.price(Cloud.GCP, "external-ip", "in use by a machine");
    Price unused = in.price(Cloud.GCP, "external-ip", "unused");
    in.bill()
        .line(
            "address",
            LineItem.Kind.RUNNING,
            new Charge(LineItem.HOURS_PER_MONTH, used, "1 address in use x 730 h"),
            Optional.of(
                new Charge(LineItem.HOURS_PER_MONTH, unused, "1 address not in use x 730 h")));
  }
}
