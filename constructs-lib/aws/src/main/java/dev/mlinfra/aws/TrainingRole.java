package dev.mlinfra.aws;

import java.util.Map;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.iam.IRole;
import software.amazon.awscdk.services.iam.PrincipalWithConditions;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.constructs.Construct;

/**
 * The role under which training programs run: reads datasets, writes models, nothing else.
 *
 * <p>Only container tasks of the same account (ECS, and AWS Batch on it) can take it on.
 */
public final class TrainingRole extends Construct {
  private final Role role;

  /** A training role. */
  public TrainingRole(Construct scope, String id, TrainingRoleProps props) {
    super(scope, id);
    Stack stack = Stack.of(this);
    role =
        Role.Builder.create(this, "Resource")
            .description("Training: reads datasets, writes models")
            .path(props.getRolePath())
            // ECS sends these keys, so another account cannot make it act for them.
            .assumedBy(
                new PrincipalWithConditions(
                    new ServicePrincipal("ecs-tasks.amazonaws.com"),
                    Map.of(
                        "StringEquals",
                        Map.of("aws:SourceAccount", stack.getAccount()),
                        "ArnLike",
                        Map.of(
                            "aws:SourceArn",
                            "arn:%s:ecs:%s:%s:*"
                                .formatted(
                                    stack.getPartition(), stack.getRegion(), stack.getAccount())))))
            .build();
    props.getData().getGrants().readDatasets(role);
    props.getData().getGrants().writeModels(role);
  }

  /** The role. */
  public IRole getRole() {
    return role;
  }
}
