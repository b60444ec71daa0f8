package dev.mlinfra.cost.internal.pulumi.aws;

import dev.mlinfra.cost.Charge;
import dev.mlinfra.cost.LineItem;
import dev.mlinfra.cost.internal.pulumi.Cloud;
import dev.mlinfra.cost.internal.pulumi.Inputs;
import dev.mlinfra.cost.internal.pulumi.PulumiPricer;
import java.util.Optional;
import java.util.Set;

/** Buckets of S3: what lies in them. */
final class BucketPricer implements PulumiPricer {
  @Override
  public Set<String> types() {
    return Set.of("aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2", "aws-native:s3:Bucket");
  }

  @Override
  public void price(Inputs in) {
    in.bill()
        .line(
            "storage",
            LineItem.Kind.STORED,
            new Charge(
                in.bill().usage().dataGb(),
                in.price(Cloud.AWS, "s3", "standard storage first 50 TB"),
                "usage.dataGb"),
            Optional.empty());
  }
}
