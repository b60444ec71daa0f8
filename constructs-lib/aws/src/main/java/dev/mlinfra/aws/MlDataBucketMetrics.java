package dev.mlinfra.aws;

import java.util.Map;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.cloudwatch.Metric;
import software.amazon.awscdk.services.cloudwatch.Unit;
import software.amazon.awscdk.services.s3.IBucket;

/** Metrics that S3 reports of a bucket once a day, without extra cost. */
public final class MlDataBucketMetrics {
  private final IBucket bucket;

  MlDataBucketMetrics(IBucket bucket) {
    this.bucket = bucket;
  }

  /** Bytes stored in the standard class, all versions; one value a day. */
  public Metric sizeBytes() {
    return daily("BucketSizeBytes", "StandardStorage", Unit.BYTES);
  }

  /** Objects stored, all versions and classes; one value a day. */
  public Metric objects() {
    return daily("NumberOfObjects", "AllStorageTypes", Unit.COUNT);
  }

  private Metric daily(String name, String storageType, Unit unit) {
    return Metric.Builder.create()
        .namespace("AWS/S3")
        .metricName(name)
        .dimensionsMap(Map.of("BucketName", bucket.getBucketName(), "StorageType", storageType))
        .statistic("Average")
        .period(Duration.days(1))
        .unit(unit)
        .build();
  }
}
