package dev.mlinfra.infra.aws;

import dev.mlinfra.aws.IMlDataBucket;
import dev.mlinfra.aws.TrainingRole;
import dev.mlinfra.aws.TrainingRoleProps;
import java.util.Map;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.constructs.Construct;

/** What trains models. */
final class TrainingStack extends Stack {
  private final TrainingRole training;

  TrainingStack(Construct scope, StackProps props, IMlDataBucket data, String rolePath) {
    super(scope, "Training", props);
    training =
        new TrainingRole(
            this, "Role", TrainingRoleProps.builder().data(data).rolePath(rolePath).build());
  }

  Map<String, String> outputs() {
    return Map.of("RoleArn", training.getRole().getRoleArn());
  }
}
