package dev.mlinfra.aws;

import org.immutables.value.Value;
import software.amazon.awscdk.interfaces.ecs.IClusterRef;
import software.amazon.awscdk.interfaces.iam.IRoleRef;

/** Properties of {@link ImagePipelineRole}. */
@Value.Immutable
@PropsStyle
public interface ImagePipelineRoleProps extends GitHubRoleProps {

  /** The repository that images are pushed to. Required. */
  IImageRepository getRepository();

  /** The cluster that tasks run on. Required. */
  IClusterRef getCluster();

  /**
   * Family of the task definitions that are registered and run, 1 to 255 letters, digits, {@code _}
   * and {@code -}. Required.
   */
  String getTaskFamily();

  /** The role of the task's program. Required. */
  IRoleRef getTaskRole();

  /** The role by which ECS pulls the image and writes the log. Required. */
  IRoleRef getExecutionRole();

  /** A new builder. */
  static Builder builder() {
    return new Builder();
  }

  /** Builds {@link ImagePipelineRoleProps}. */
  final class Builder extends ImmutableImagePipelineRoleProps.Builder {}
}
