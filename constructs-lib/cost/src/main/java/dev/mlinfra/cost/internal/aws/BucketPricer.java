package dev.mlinfra.cost.internal.aws;

import dev.mlinfra.cost.Charge;
import dev.mlinfra.cost.LineItem;
import dev.mlinfra.cost.internal.Bill;
import dev.mlinfra.cost.internal.Pricer;
import java.util.Optional;
import java.util.Set;

/** Buckets of S3: what lies in them. */
final class BucketPricer implements Pricer {
  @Override
  public Set<String> types() {
    return Set.of("AWS::S3::Bucket");
  }

  @Override
  public void price(Bill bill) {
    bill.priced(
        "standard storage first 50 TB",
        bill.awsPrice("s3", "standard storage first 50 TB"),
        price ->
            bill.line(
                "storage",
                LineItem.Kind.STORED,
                new Charge(bill.usage().dataGb(), price, "usage.dataGb"),
                Optional.empty()));
  }
}
