package dev.mlinfra.cost.internal.aws;

import dev.mlinfra.cost.LineItem;
import dev.mlinfra.cost.internal.Bill;

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
}
