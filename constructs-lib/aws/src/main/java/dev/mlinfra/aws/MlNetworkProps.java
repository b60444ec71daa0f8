package dev.mlinfra.aws;

import dev.mlinfra.core.NetworkSettings.Egress;
import java.util.List;
import java.util.Set;
import org.immutables.value.Value;
import software.amazon.awscdk.services.logs.RetentionDays;

/** Properties of {@link MlNetwork}. */
@Value.Immutable
@PropsStyle
public interface MlNetworkProps {

  /**
   * Zones, such as {@code us-east-1a}, 1 to 6: one subnet in each. Named, because synthesis looks
   * nothing up. Spot capacity wants at least 2. Required.
   */
  List<String> getAvailabilityZones();

  /**
   * How workloads reach what is outside: {@code PUBLIC_IP} (public subnets into which nothing comes
   * in), {@code NAT} (private subnets) or {@code ENDPOINTS} (private subnets, and services of AWS
   * alone). Default: public ip.
   */
  @Value.Default
  default Egress getEgress() {
    return Egress.PUBLIC_IP;
  }

  /**
   * Addresses of the VPC, a private range of {@code /16} to {@code /22}. Default: {@code
   * 10.20.0.0/16}.
   */
  @Value.Default
  default String getCidr() {
    return "10.20.0.0/16";
  }

  /**
   * NAT gateways, 1 to the number of zones, with egress {@code NAT}. With one, the loss of its zone
   * cuts all others off; each costs by the hour. Default: 1.
   */
  @Value.Default
  default int getNatGateways() {
    return 1;
  }

  /**
   * What workloads of your own must reach, with egress {@code ENDPOINTS}; constructs of this
   * library add theirs. Default: none.
   */
  Set<NetworkNeed> getNeeds();

  /**
   * Buckets of other accounts that may be read through the S3 endpoint, such as open data sets; by
   * name. Default: none, so only the account's own, image layers and the repositories of Amazon
   * Linux.
   */
  List<String> getReadableBuckets();

  /** Whether the network logs its traffic, which costs by the GB. Default: off. */
  @Value.Default
  default boolean isFlowLogs() {
    return false;
  }

  /** How long logs of the traffic are kept. Default: one month. */
  @Value.Default
  default RetentionDays getFlowLogRetention() {
    return RetentionDays.ONE_MONTH;
  }

  /** A new builder. */
  static Builder builder() {
    return new Builder();
  }

  /** Builds {@link MlNetworkProps}. */
  final class Builder extends ImmutableMlNetworkProps.Builder {}
}
