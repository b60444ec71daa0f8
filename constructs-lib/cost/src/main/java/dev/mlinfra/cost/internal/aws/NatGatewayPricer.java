package dev.mlinfra.cost.internal.aws;

import dev.mlinfra.cost.LineItem;
import dev.mlinfra.cost.internal.Bill;
import dev.mlinfra.cost.internal.Pricer;
import java.util.Set;

/** NAT gateways: by the hour, and by what goes through them. */
final class NatGatewayPricer implements Pricer {
  private static final String TYPE = "AWS::EC2::NatGateway";

  @Override
  public Set<String> types() {
    return Set.of(TYPE);
  }

  @Override
  public void price(Bill bill) {
    Aws.always(bill, "hours", "nat-gateway", "gateway", LineItem.HOURS_PER_MONTH, "730 h");
    int gateways = Siblings.of(bill, TYPE).size();
    Aws.used(
        bill,
        "data processed",
        "nat-gateway",
        "data processed",
        Amount.of(bill.usage().dataGb(), "GB, usage.dataGb")
            .times(Assumption.of("nat.shareOfData"))
            .share(gateways, "gateways"));
  }
}
