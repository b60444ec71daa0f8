package dev.mlinfra.aws;

import java.util.List;
import org.immutables.value.Value;

/** A VPC that exists already, for {@link MlNetwork#fromExisting}. */
@Value.Immutable
@PropsStyle
public interface ExistingNetworkProps {

  /** Id of the VPC, such as {@code vpc-0123456789abcdef0}. Required. */
  String getVpcId();

  /** Zones of the subnets, such as {@code us-east-1a}, in their order. Required. */
  List<String> getAvailabilityZones();

  /** Ids of the subnets for workloads, one in each zone. Required. */
  List<String> getSubnetIds();

  /**
   * Whether the subnets are public, so that workloads get a public address. Otherwise a NAT gateway
   * or endpoints must lead out, which nothing here can check. Default: no.
   */
  @Value.Default
  default boolean isPublicIp() {
    return false;
  }

  /** A new builder. */
  static Builder builder() {
    return new Builder();
  }

  /** Builds {@link ExistingNetworkProps}. */
  final class Builder extends ImmutableExistingNetworkProps.Builder {}
}
