package dev.mlinfra.infra.aws;

import dev.mlinfra.aws.AwsCostTags;
import dev.mlinfra.aws.ContextKeys;
import dev.mlinfra.core.AwsSettings;
import dev.mlinfra.core.Environment;
import software.amazon.awscdk.App;
import software.amazon.awscdk.PermissionsBoundary;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.Stage;
import software.amazon.awscdk.StageProps;

/** One environment: its stacks, tagged, under the organisation's rules. */
final class EnvironmentStage extends Stage {

  EnvironmentStage(App app, Environment environment, AwsSettings aws) {
    super(app, environment.name(), props(environment, aws));
    getNode().setContext(ContextKeys.ALLOW_DATA_LOSS, environment.allowDataLoss());
    environment
        .organization()
        .bootstrapQualifier()
        .ifPresent(
            qualifier -> getNode().setContext("@aws-cdk/core:bootstrapQualifier", qualifier));

    String rolePath = environment.organization().rolePath();
    DataStack data = new DataStack(this, props(environment, "Data"), aws.data());
    TrainingStack training =
        new TrainingStack(this, props(environment, "Training"), data.getData(), rolePath);
    PredictionStack prediction =
        new PredictionStack(
            this, props(environment, "Prediction"), data.getData(), aws.prediction(), rolePath);
    tag(data, environment, "data");
    tag(training, environment, "training");
    tag(prediction, environment, "prediction");
  }

  private static StackProps props(Environment environment, String stack) {
    return StackProps.builder().stackName(environment.stackName(stack)).build();
  }

  private static void tag(Stack stack, Environment environment, String workload) {
    AwsCostTags.of(environment.costTags(workload)).applyTo(stack);
  }

  private static StageProps props(Environment environment, AwsSettings aws) {
    return StageProps.builder()
        .env(
            software.amazon.awscdk.Environment.builder()
                .account(aws.account())
                .region(aws.region())
                .build())
        .permissionsBoundary(
            environment
                .organization()
                .permissionsBoundaryArn()
                .map(PermissionsBoundary::fromArn)
                .orElse(null))
        .build();
  }
}
