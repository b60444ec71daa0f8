package dev.mlinfra.cli;

import dev.mlinfra.cost.PriceBook;
import java.nio.file.Path;

/** The prices that a project uses: refreshed ones of its own, or those of this version. */
final class Prices {
  private Prices() {}

  /** Where a project keeps refreshed prices: {@code environments/prices}. */
  static Path folder() {
    return Path.of(System.getProperty("mlinfra.root", ""), "environments", "prices");
  }

  /** Those of {@link #folder} where it is there, else the bundled ones. */
  static PriceBook current() {
    return PriceBook.readOrBundled(folder());
  }
}
