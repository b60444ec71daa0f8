package dev.mlinfra.aws;

import java.util.Optional;
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

  /**
   * SSM parameter that names the image in use, below {@code /mlinfra/}, such as {@code
   * /mlinfra/ml-agent/dev/images/training}; it is read and written. Default: none.
   */
  Optional<String> getImageParameter();

  /** Log group of the task, whose end is shown when it has run. Default: none. */
  Optional<String> getLogGroup();

  /**
   * The one object that may be put, bucket and key, such as {@code my-bucket/datasets/prices.csv}.
   * The bucket has no KMS key of its own. Default: none.
   */
  Optional<String> getDataObject();

  /** A new builder. */
  static Builder builder() {
    return new Builder();
  }

  /** Builds {@link ImagePipelineRoleProps}. */
  final class Builder extends ImmutableImagePipelineRoleProps.Builder {}
}
