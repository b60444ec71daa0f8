package dev.mlinfra.core;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How workloads are connected.
 *
 * @param availabilityZones zones to use, such as {@code us-east-1a}
 * @param egress how workloads reach what is outside
 * @param cidr addresses of the VPC
 * @param natGateways gateways, with egress {@link Egress#NAT}
 * @param flowLogs whether the traffic is logged
 * @param vpcId VPC that exists, with egress {@link Egress#EXISTING}
 * @param subnetIds its subnets, one in each zone
 * @param publicSubnets whether these are public
 */
public record NetworkSettings(
    List<String> availabilityZones,
    Egress egress,
    String cidr,
    int natGateways,
    boolean flowLogs,
    Optional<String> vpcId,
    List<String> subnetIds,
    boolean publicSubnets) {

  public NetworkSettings {
    availabilityZones = List.copyOf(availabilityZones);
    subnetIds = List.copyOf(subnetIds);
  }

  /** How workloads reach what is outside. */
  public enum Egress {
    /** Public subnets without ingress: the cheapest. */
    PUBLIC_IP,
    /** Private subnets with NAT. */
    NAT,
    /** Private subnets with the endpoints that the workloads need, and nothing else. */
    ENDPOINTS,
    /** A network that exists already. */
    EXISTING;

    /** The word for it in files. */
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The egress of a word that the schema has already admitted. */
    public static Egress ofWord(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
  }
}
