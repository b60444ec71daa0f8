package dev.mlinfra.cost.internal.aws;

import dev.mlinfra.cost.internal.Bill;
import dev.mlinfra.cost.internal.Pricer;
import java.util.Set;

/**
 * Distributions of CloudFront, by requests and by what goes out, as if all of it went to the US.
 */
final class DistributionPricer implements Pricer {
  private static final double KB_PER_GB = 1_000_000;

  @Override
  public Set<String> types() {
    return Set.of("AWS::CloudFront::Distribution");
  }

  @Override
  public void price(Bill bill) {
    Aws.used(bill, "requests", "cloudfront", "HTTPS requests US", Calls.of(bill).per(10_000));
    Aws.used(
        bill,
        "data out",
        "cloudfront",
        "data out US/Canada/Mexico first 10 TB",
        Calls.of(bill).times(Assumption.of("payload.kbPerCall")).per(KB_PER_GB));
  }
}
