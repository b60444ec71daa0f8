package dev.mlinfra.aws;

import dev.mlinfra.core.Prefixes;
import software.amazon.awscdk.services.s3.IBucket;

/** A bucket of datasets, models, results and checkpoints, made here or found. */
public interface IMlDataBucket {
  /** The bucket itself. */
  IBucket getBucket();

  /** Names of the folders. */
  Prefixes getPrefixes();

  /** Named permissions, each of one folder and without a wildcard action. */
  default MlDataBucketGrants getGrants() {
    return new MlDataBucketGrants(getBucket(), getPrefixes());
  }

  /** Metrics of the bucket. */
  default MlDataBucketMetrics getMetrics() {
    return new MlDataBucketMetrics(getBucket());
  }

  /** Whether objects can be reached through named VPC endpoints alone. */
  boolean isVpcOnly();
}
