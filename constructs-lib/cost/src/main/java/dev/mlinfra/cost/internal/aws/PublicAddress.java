package dev.mlinfra.cost.internal.aws;

import dev.mlinfra.cost.LineItem;
import dev.mlinfra.cost.LineItem.Kind;
import dev.mlinfra.cost.internal.Bill;
import dev.mlinfra.template.Value;

/** Public IPv4 addresses: each costs the same, in use or idle. */
final class PublicAddress {
  static final String SERVICE = "vpc";
  static final String ITEM = "public IPv4 address in use or idle";

  private PublicAddress() {}

  /** Adds a line for addresses that are held all month. */
  static void always(Bill bill, double addresses, String whose) {
    Aws.always(
        bill,
        "public IPv4 address",
        SERVICE,
        ITEM,
        addresses * LineItem.HOURS_PER_MONTH,
        "%s %s x 730 h".formatted(Numbers.text(addresses), whose));
  }

  /** Adds a line for addresses that machines have while they run. */
  static void running(Bill bill, Amount expected, Amount most) {
    Aws.bounded(bill, "public IPv4 addresses", Kind.RUNNING, SERVICE, ITEM, expected, most);
  }

  /** Whether machines get addresses in one of these subnets; known for those of the templates. */
  static boolean isGivenIn(Bill bill, Value subnets) {
    return Siblings.of(bill, "AWS::EC2::Subnet").stream()
        .filter(
            subnet ->
                bill.model().property(subnet, "MapPublicIpOnLaunch").asBoolean().orElse(false))
        .anyMatch(subnet -> Siblings.names(bill, subnets, subnet));
  }
}
