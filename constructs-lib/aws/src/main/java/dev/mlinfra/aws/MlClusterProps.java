package dev.mlinfra.aws;

import java.util.List;
import java.util.Optional;
import org.immutables.value.Value;
import software.amazon.awscdk.interfaces.iam.IRoleRef;
import software.amazon.awscdk.services.kms.IKey;
import software.amazon.awscdk.services.logs.RetentionDays;

/** Properties of {@link MlCluster}. */
@Value.Immutable
@PropsStyle
public interface MlClusterProps {

  /**
   * Its name: roles of the cluster are bounded to it before it is there. 1 to 100 letters, digits
   * and {@code -}. Required.
   */
  String getClusterName();

  /** The network of its nodes, in two zones or more. Required. */
  IMlNetwork getNetwork();

  /**
   * Version of Kubernetes in standard support. One whose support ends within 60 days warns as
   * {@code mlinfra::cluster.version}. Default: {@code 1.36}.
   */
  @Value.Default
  default String getVersion() {
    return "1.36";
  }

  /**
   * Ranges of addresses from which the API can be reached from outside the network, at most 40,
   * such as {@code 203.0.113.0/24}. {@code 0.0.0.0/0} warns as {@code mlinfra::cluster.endpoint}.
   * Default: none, the API has a private endpoint alone.
   */
  List<String> getPublicCidrs();

  /** Roles that may do everything in the cluster. Default: nobody, not even who made it. */
  List<IRoleRef> getAdmins();

  /** The key that its secrets are encrypted with. Default: one of its own. */
  Optional<IKey> getKey();

  /** How long its logs are kept. Default: one month. */
  @Value.Default
  default RetentionDays getLogRetention() {
    return RetentionDays.ONE_MONTH;
  }

  /** Whether it can be deleted only after this was switched off. Default: yes. */
  @Value.Default
  default boolean isDeletionProtection() {
    return true;
  }

  /** Path of the roles for it, such as {@code /ml/}. Default: {@code /}. */
  @Value.Default
  default String getRolePath() {
    return "/";
  }

  /** A new builder. */
  static Builder builder() {
    return new Builder();
  }

  /** Builds {@link MlClusterProps}. */
  final class Builder extends ImmutableMlClusterProps.Builder {}
}
