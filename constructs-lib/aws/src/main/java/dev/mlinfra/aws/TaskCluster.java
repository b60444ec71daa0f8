package dev.mlinfra.aws;

import java.util.List;
import software.amazon.awscdk.interfaces.ecs.IClusterRef;
import software.amazon.awscdk.services.ecs.CfnCluster;
import software.constructs.Construct;

/**
 * An ECS cluster without machines: tasks run on Fargate, on demand or on spot. It costs nothing.
 */
public final class TaskCluster extends Construct {
  private final CfnCluster cluster;

  /** A cluster with the defaults. */
  public TaskCluster(Construct scope, String id) {
    this(scope, id, TaskClusterProps.builder().build());
  }

  /** A cluster. */
  public TaskCluster(Construct scope, String id, TaskClusterProps props) {
    super(scope, id);
    cluster =
        CfnCluster.Builder.create(this, "Resource")
            .capacityProviders(List.of("FARGATE", "FARGATE_SPOT"))
            .clusterSettings(
                List.of(
                    CfnCluster.ClusterSettingsProperty.builder()
                        .name("containerInsights")
                        .value(props.isContainerInsights() ? "enabled" : "disabled")
                        .build()))
            .build();
  }

  /** The cluster. */
  public IClusterRef getCluster() {
    return cluster;
  }
}
