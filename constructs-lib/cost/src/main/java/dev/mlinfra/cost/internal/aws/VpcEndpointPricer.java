package dev.mlinfra.cost.internal.aws;

import dev.mlinfra.cost.LineItem;
import dev.mlinfra.cost.internal.Bill;
import dev.mlinfra.cost.internal.Pricer;
import dev.mlinfra.template.Value;
import java.util.Set;

/**
 * Endpoints of a VPC: those of interfaces cost by the hour in each zone, those of gateways nothing.
 */
final class VpcEndpointPricer implements Pricer {
  @Override
  public Set<String> types() {
    return Set.of("AWS::EC2::VPCEndpoint");
  }

  @Override
  public void price(Bill bill) {
    String type = bill.property("VpcEndpointType").asText().orElse("Gateway");
    switch (type) {
      case "Gateway" -> bill.free("an endpoint of S3 or DynamoDB that is a gateway costs nothing");
      case "Interface" -> interfaces(bill);
      default -> bill.notPriced("no source for endpoints of type " + type);
    }
  }

  private static void interfaces(Bill bill) {
    Value subnets = bill.property("SubnetIds");
    int zones = Math.max(1, subnets.asList().size());
    String why =
        subnets.isSymbolic()
            ? "730 h in one subnet: how many there are is only known at deployment"
            : "%s subnets x 730 h".formatted(zones);
    Aws.always(
        bill, "hours", "vpc-endpoint", "interface endpoint", zones * LineItem.HOURS_PER_MONTH, why);
    Aws.used(
        bill,
        "data processed",
        "vpc-endpoint",
        "interface data processed first 1 PB",
        Amount.of(Assumption.of("vpcEndpoint.gb")));
  }
}
