package dev.mlinfra.cost.internal.pulumi;

/** Ends the pricing of a part of a resource; its message says why the part has no price. */
@SuppressWarnings("serial")
public final class NotPriced extends RuntimeException {
  public NotPriced(String because) {
    super(because, null, false, false);
  }
}
