package dev.mlinfra.aws;

import java.util.Optional;

/**
 * How nodes are bought.
 *
 * @param kind on demand, on the spot market, or reserved for some days
 * @param reservationId the capacity block; empty for the other kinds
 */
public record NodeCapacity(Kind kind, Optional<String> reservationId) {
  /** Ways to buy nodes, by the names that EKS has for them. */
  public enum Kind {
    /** At the list price, until they are stopped. */
    ON_DEMAND,
    /** At the price of the spot market, until somebody pays more. */
    SPOT,
    /** GPU machines that were bought for a number of days ahead. */
    CAPACITY_BLOCK
  }

  /** Nodes at the list price. */
  public static NodeCapacity onDemand() {
    return new NodeCapacity(Kind.ON_DEMAND, Optional.empty());
  }

  /** Nodes of the spot market. */
  public static NodeCapacity spot() {
    return new NodeCapacity(Kind.SPOT, Optional.empty());
  }

  /**
   * Nodes of a capacity block.
   *
   * @param reservationId such as {@code cr-0123456789abcdef0}
   */
  public static NodeCapacity block(String reservationId) {
    return new NodeCapacity(Kind.CAPACITY_BLOCK, Optional.of(reservationId));
  }
}
