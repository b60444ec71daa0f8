package com.example.platform;

import dev.mlinfra.aws.AwsCostTags;
import dev.mlinfra.aws.MlDataBucket;
import dev.mlinfra.aws.MlDataBucketProps;
import dev.mlinfra.aws.PredictionLambda;
import dev.mlinfra.aws.PredictionLambdaProps;
import dev.mlinfra.core.CostTags;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.services.events.EventPattern;
import software.amazon.awscdk.services.events.Rule;
import software.amazon.awscdk.services.events.targets.LambdaFunction;
import software.constructs.Construct;

/**
 * Two constructs of mlinfra among the team's own: a bucket for datasets, models and results, and a
 * function that predicts for every file of which another system says that it is there.
 */
public final class PredictionPlatformStack extends Stack {

  public PredictionPlatformStack(Construct scope, String id, StackProps props) {
    super(scope, id, props);
    MlDataBucket data =
        new MlDataBucket(this, "Data", MlDataBucketProps.builder().resultsDays(7).build());
    PredictionLambda prediction =
        new PredictionLambda(
            this,
            "Prediction",
            PredictionLambdaProps.builder()
                .data(data)
                .timeout(Duration.minutes(5))
                .reservedConcurrency(5)
                .build());
    Rule.Builder.create(this, "FileArrived")
        .eventPattern(
            EventPattern.builder()
                .source(List.of("com.example.files"))
                .detailType(List.of("FileArrived"))
                .build())
        .targets(List.of(new LambdaFunction(prediction.getAlias())))
        .build();
    AwsCostTags.of(new CostTags("forecasts", "prod", "platform", "cc-42", "prediction", Map.of()))
        .applyTo(this);
  }
}
