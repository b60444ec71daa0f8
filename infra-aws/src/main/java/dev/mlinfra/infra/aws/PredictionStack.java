package dev.mlinfra.infra.aws;

import dev.mlinfra.aws.DistributedPrediction;
import dev.mlinfra.aws.DistributedPredictionProps;
import dev.mlinfra.aws.IMlDataBucket;
import dev.mlinfra.aws.PredictionLambda;
import dev.mlinfra.aws.PredictionLambdaProps;
import dev.mlinfra.core.Budget;
import dev.mlinfra.core.DistributedSettings;
import dev.mlinfra.core.PredictionSettings;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Size;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.services.lambda.Runtime;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.constructs.Construct;

/** What predicts. */
final class PredictionStack extends Stack {
  private final PredictionLambda prediction;
  private final Optional<DistributedPrediction> runs;

  PredictionStack(
      Construct scope,
      StackProps props,
      IMlDataBucket data,
      PredictionSettings settings,
      Budget budget,
      String rolePath) {
    super(scope, "Prediction", props);
    PredictionLambdaProps.Builder function = PredictionLambdaProps.builder();
    settings.reservedConcurrency().ifPresent(function::reservedConcurrency);
    prediction =
        new PredictionLambda(
            this,
            "Function",
            function
                .data(data)
                .memory(Size.mebibytes(settings.memoryMb()))
                .timeout(Duration.seconds(settings.timeout().toSeconds()))
                .runtime(runtime(settings.runtime()))
                .retryAttempts(settings.retryAttempts())
                .maxEventAge(Duration.seconds(settings.maxEventAge().toSeconds()))
                .logRetention(retention(settings.logRetentionDays()))
                .tracing(settings.tracing())
                .rolePath(rolePath)
                .build());
    runs = settings.distributed().map(wanted -> runs(settings, wanted, budget, rolePath));
  }

  private DistributedPrediction runs(
      PredictionSettings settings, DistributedSettings wanted, Budget budget, String rolePath) {
    DistributedPredictionProps.Builder props = DistributedPredictionProps.builder();
    wanted.maxItems().ifPresent(props::maxItems);
    wanted.toleratedFailureCount().ifPresent(props::toleratedFailureCount);
    return new DistributedPrediction(
        this,
        "Runs",
        props
            .prediction(prediction)
            .maxRunUsd(budget.predictionJobUsd())
            .maxConcurrency(
                wanted
                    .maxConcurrency()
                    .orElse(
                        Math.min(
                            budget.maxConcurrentJobs(),
                            settings.reservedConcurrency().orElse(Integer.MAX_VALUE))))
            .maxSize(Size.gibibytes(wanted.maxGb()))
            .rangeSize(Size.mebibytes(wanted.rangeMb()))
            .toleratedFailurePercentage(wanted.toleratedFailurePercentage())
            .retryAttempts(wanted.retryAttempts())
            .logRetention(retention(settings.logRetentionDays()))
            .tracing(settings.tracing())
            .rolePath(rolePath)
            .build());
  }

  Map<String, String> outputs() {
    Map<String, String> outputs = new LinkedHashMap<>();
    outputs.put("FunctionName", prediction.getFunction().getFunctionName());
    outputs.put("AliasArn", prediction.getAlias().getFunctionArn());
    outputs.put("RoleArn", prediction.getRole().getRoleArn());
    outputs.put("FailureQueueUrl", prediction.getFailureQueue().getQueueUrl());
    runs.ifPresent(made -> outputs.put("StateMachineArn", made.getStateMachine().getAttrArn()));
    return outputs;
  }

  private static Runtime runtime(String name) {
    return name.equals("java21") ? Runtime.JAVA_21 : Runtime.JAVA_25;
  }

  /** The schema admits exactly the days that CloudWatch Logs knows. */
  static RetentionDays retention(int days) {
    return switch (days) {
      case 1 -> RetentionDays.ONE_DAY;
      case 3 -> RetentionDays.THREE_DAYS;
      case 5 -> RetentionDays.FIVE_DAYS;
      case 7 -> RetentionDays.ONE_WEEK;
      case 14 -> RetentionDays.TWO_WEEKS;
      case 30 -> RetentionDays.ONE_MONTH;
      case 60 -> RetentionDays.TWO_MONTHS;
      case 90 -> RetentionDays.THREE_MONTHS;
      case 120 -> RetentionDays.FOUR_MONTHS;
      case 150 -> RetentionDays.FIVE_MONTHS;
      case 180 -> RetentionDays.SIX_MONTHS;
      case 365 -> RetentionDays.ONE_YEAR;
      default -> throw new IllegalArgumentException("no log retention of " + days + " days");
    };
  }
}
