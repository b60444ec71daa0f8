package dev.mlinfra.cost.internal.pulumi;

import java.util.Set;

/** Knows what some types of Pulumi's resources cost. */
public interface PulumiPricer {

  /** The types, as {@link PulumiTypes#plain} writes them. */
  Set<String> types();

  /**
   * Says what a resource costs, on its bill.
   *
   * @throws NotPriced when that cannot be said
   */
  void price(Inputs in);
}
