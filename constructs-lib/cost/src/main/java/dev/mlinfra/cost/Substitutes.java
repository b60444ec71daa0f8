package dev.mlinfra.cost;

import java.util.List;

/** Knows what can do the work of something dear for less. */
@FunctionalInterface
public interface Substitutes {

  /**
   * What costs less in the same place and can stand in, dearest first.
   *
   * @param price of what is to be replaced
   */
  List<Price> of(Price price);

  /**
   * Smaller sizes of the same EC2 family, with the same accelerator if it has one; nothing for
   * families of which that is not known.
   */
  static Substitutes smallerSizes(PriceBook prices) {
    return new SmallerSizes(prices);
  }
}
