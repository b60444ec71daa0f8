package dev.mlinfra.cost.internal.aws;

import dev.mlinfra.cost.internal.Pricer;
import java.util.List;

/** The pricers of AWS. */
public final class AwsPricers {
  /** All of them. */
  public static final List<Pricer> ALL = List.of(new BucketPricer());

  private AwsPricers() {}
}
