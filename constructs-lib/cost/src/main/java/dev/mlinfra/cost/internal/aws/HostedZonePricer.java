package dev.mlinfra.cost.internal.aws;

import dev.mlinfra.cost.internal.Bill;
import dev.mlinfra.cost.internal.Pricer;
import java.util.Set;

/** Hosted zones of Route 53, public and private alike. */
final class HostedZonePricer implements Pricer {
  @Override
  public Set<String> types() {
    return Set.of("AWS::Route53::HostedZone");
  }

  @Override
  public void price(Bill bill) {
    Aws.always(bill, "zone", "route53", "hosted zone", 1, "1 zone");
  }
}
