package dev.mlinfra.aws;

import org.immutables.value.Value;

/** Properties of {@link TrainingRole}. */
@Value.Immutable
@PropsStyle
public interface TrainingRoleProps {

  /** Where datasets are read from and models are written to. Required. */
  IMlDataBucket getData();

  /** Path of the role, such as {@code /ml/}. Default: {@code /}. */
  @Value.Default
  default String getRolePath() {
    return "/";
  }

  /** A new builder. */
  static Builder builder() {
    return new Builder();
  }

  /** Builds {@link TrainingRoleProps}. */
  final class Builder extends ImmutableTrainingRoleProps.Builder {}
}
