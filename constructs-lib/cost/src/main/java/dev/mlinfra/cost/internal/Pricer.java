package dev.mlinfra.cost.internal;

import java.util.Set;

/** Knows what some types of resources cost. */
public interface Pricer {

  /** The types that it prices. */
  Set<String> types();

  /**
   * Says what a resource of one of these types costs, by the methods of the bill; each resource
   * needs at least one line or reason.
   */
  void price(Bill bill);
}
