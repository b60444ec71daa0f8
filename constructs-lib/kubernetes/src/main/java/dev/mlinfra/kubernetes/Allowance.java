package dev.mlinfra.kubernetes;

import java.util.List;
import java.util.Optional;

/**
 * Traffic that a namespace allows although it denies everything by default; it becomes a network
 * policy of that name.
 *
 * @param name of the policy, such as {@code model-store}
 * @param direction where to
 * @param peer the other side
 * @param ports TCP ports of the side that is called; empty means every port
 */
public record Allowance(String name, Direction direction, Peer peer, List<Integer> ports) {

  /** Which way connections are made. */
  public enum Direction {
    /** To the namespace's pods. */
    INGRESS,
    /** From the namespace's pods. */
    EGRESS
  }

  /**
   * The other side: addresses or pods.
   *
   * @param cidr addresses such as {@code 10.0.0.0/16}; empty for pods
   * @param except addresses within {@code cidr} that are not meant
   * @param namespace the pods' namespace; empty for addresses and for pods of the same namespace
   */
  public record Peer(Optional<String> cidr, List<String> except, Optional<String> namespace) {
    public Peer {
      except = List.copyOf(except);
    }

    static Peer addresses(String cidr, List<String> except) {
      return new Peer(Optional.of(cidr), except, Optional.empty());
    }
  }

  private static final int HTTPS = 443;

  public Allowance {
    ports = List.copyOf(ports);
  }

  /**
   * Lets pods call HTTPS on the internet, such as object storage, registries and the cloud's API,
   * but not the machines' metadata service.
   */
  public static Allowance httpsToInternet() {
    return new Allowance(
        "https-to-internet",
        Direction.EGRESS,
        Peer.addresses("0.0.0.0/0", List.of("169.254.0.0/16")),
        List.of(HTTPS));
  }

  /**
   * Lets pods call addresses.
   *
   * @param cidr such as {@code 10.0.0.0/16}
   * @param ports TCP ports; none means every port
   */
  public static Allowance toAddresses(String name, String cidr, Integer... ports) {
    return new Allowance(name, Direction.EGRESS, Peer.addresses(cidr, List.of()), List.of(ports));
  }

  /**
   * Lets addresses call the pods, such as those of a load balancer's subnets.
   *
   * @param cidr such as {@code 10.0.0.0/16}
   * @param ports TCP ports of the pods; none means every port
   */
  public static Allowance fromAddresses(String name, String cidr, Integer... ports) {
    return new Allowance(name, Direction.INGRESS, Peer.addresses(cidr, List.of()), List.of(ports));
  }

  /**
   * Lets pods of another namespace call the pods.
   *
   * @param ports TCP ports of the pods; none means every port
   */
  public static Allowance fromNamespace(String name, String namespace, Integer... ports) {
    return new Allowance(
        name,
        Direction.INGRESS,
        new Peer(Optional.empty(), List.of(), Optional.of(namespace)),
        List.of(ports));
  }

  /** Lets pods of the namespace call each other; two policies are made of it. */
  public static List<Allowance> betweenPods() {
    Peer own = new Peer(Optional.empty(), List.of(), Optional.empty());
    return List.of(
        new Allowance("from-own-pods", Direction.INGRESS, own, List.of()),
        new Allowance("to-own-pods", Direction.EGRESS, own, List.of()));
  }
}
