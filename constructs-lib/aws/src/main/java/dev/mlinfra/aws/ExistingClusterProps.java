package dev.mlinfra.aws;

import org.immutables.value.Value;

/** A cluster that exists already, for {@link MlCluster#fromExisting}. */
@Value.Immutable
@PropsStyle
public interface ExistingClusterProps {

  /** Its name. Required. */
  String getClusterName();

  /** The network of its nodes. Required. */
  IMlNetwork getNetwork();

  /**
   * The security group that EKS made for the cluster, such as {@code sg-0123456789abcdef0}.
   * Required.
   */
  String getSecurityGroupId();

  /** Path of roles for it, such as {@code /ml/}. Default: {@code /}. */
  @Value.Default
  default String getRolePath() {
    return "/";
  }

  /** A new builder. */
  static Builder builder() {
    return new Builder();
  }

  /** Builds {@link ExistingClusterProps}. */
  final class Builder extends ImmutableExistingClusterProps.Builder {}
}
