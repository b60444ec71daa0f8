package dev.mlinfra.aws;

import org.immutables.value.Value;

/** Properties of {@link RoleBoundary}. */
@Value.Immutable
@PropsStyle
public interface RoleBoundaryProps {

  /**
   * Name of the policy, 1 to 128 letters, digits and {@code + = , . @ _ -}. Required and fixed,
   * because other stacks and the CDK's bootstrap name the boundary before it exists.
   */
  String getPolicyName();

  /** What the roles are for that it bounds. Required. */
  RolePurpose getPurpose();

  /** Path of the policy, such as {@code /ml/}. Default: {@code /}. */
  @Value.Default
  default String getPath() {
    return "/";
  }

  /**
   * Whether the CDK's function may empty buckets that are deleted with their stack; only for {@link
   * RolePurpose#WORKLOADS}. Needed where {@link MlDataBucketProps#getRemovalPolicy()} is {@code
   * DESTROY}; warns as {@code mlinfra::roleBoundary.dataDeletion}. Default: no.
   */
  @Value.Default
  default boolean isDataDeletion() {
    return false;
  }

  /** A new builder. */
  static Builder builder() {
    return new Builder();
  }

  /** Builds {@link RoleBoundaryProps}. */
  final class Builder extends ImmutableRoleBoundaryProps.Builder {}
}
