package dev.mlinfra.core;

import java.util.List;
import java.util.Locale;

/**
 * How workloads are connected.
 *
 * @param availabilityZones zones to use, such as {@code us-east-1a}
 * @param egress how workloads reach what is outside
 */
public record NetworkSettings(List<String> availabilityZones, Egress egress) {

  public NetworkSettings {
    availabilityZones = List.copyOf(availabilityZones);
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

    /** The egress of a word that the schema has already admitted. */
    public static Egress ofWord(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
  }
}
