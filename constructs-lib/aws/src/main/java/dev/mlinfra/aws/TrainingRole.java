package dev.mlinfra.aws;

import dev.mlinfra.aws.internal.ServiceTrust;
import software.amazon.awscdk.services.iam.IRole;
import software.amazon.awscdk.services.iam.Role;
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
    role =
        Role.Builder.create(this, "Resource")
            .description("Training: reads datasets, writes models")
            .path(props.getRolePath())
            .assumedBy(ServiceTrust.ofResources(this, "ecs-tasks.amazonaws.com", "ecs", "*"))
            .build();
    props.getData().getGrants().readDatasets(role);
    props.getData().getGrants().writeModels(role);
  }

  /** The role. */
  public IRole getRole() {
    return role;
  }
}
