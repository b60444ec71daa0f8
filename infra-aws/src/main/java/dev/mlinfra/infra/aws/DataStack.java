package dev.mlinfra.infra.aws;

import dev.mlinfra.aws.IMlDataBucket;
import dev.mlinfra.aws.MlDataBucket;
import dev.mlinfra.aws.MlDataBucketProps;
import dev.mlinfra.core.DataSettings;
import dev.mlinfra.core.DataSettings.OnDelete;
import java.util.Map;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.constructs.Construct;

/** What an environment keeps. */
final class DataStack extends Stack {
  private final MlDataBucket data;

  DataStack(Construct scope, StackProps props, DataSettings settings) {
    super(scope, "Data", props);
    data =
        new MlDataBucket(
            this,
            "Bucket",
            MlDataBucketProps.builder()
                .prefixes(settings.prefixes())
                .datasetsDays(settings.datasetsDays())
                .resultsDays(settings.resultsDays())
                .checkpointsDays(settings.checkpointsDays())
                .noncurrentDays(settings.noncurrentDays())
                .encryption(settings.encryption())
                .removalPolicy(
                    settings.onDelete() == OnDelete.DESTROY
                        ? RemovalPolicy.DESTROY
                        : RemovalPolicy.RETAIN)
                .build());
  }

  Map<String, String> outputs() {
    return Map.of("BucketName", data.getBucket().getBucketName());
  }

  IMlDataBucket getData() {
    return data;
  }
}
