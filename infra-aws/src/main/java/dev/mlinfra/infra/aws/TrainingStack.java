package dev.mlinfra.infra.aws;

import dev.mlinfra.aws.IMlDataBucket;
import dev.mlinfra.aws.TrainingRole;
import dev.mlinfra.aws.TrainingRoleProps;
import software.amazon.awscdk.CfnOutput;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.constructs.Construct;

/** What trains models. */
final class TrainingStack extends Stack {

  TrainingStack(Construct scope, StackProps props, IMlDataBucket data, String rolePath) {
    super(scope, "Training", props);
    TrainingRole training =
        new TrainingRole(
            this, "Role", TrainingRoleProps.builder().data(data).rolePath(rolePath).build());
    CfnOutput.Builder.create(this, "RoleArn").value(training.getRole().getRoleArn()).build();
  }
}
