package dev.mlinfra.cost.internal.refresh;

import dev.mlinfra.cost.Price;
import dev.mlinfra.cost.PriceBook;
import java.io.IOException;
import java.time.LocalDate;
import java.util.List;

/** Where prices of a provider are published. */
public interface PriceSource {

  /** Whose prices it has. */
  String provider();

  /**
   * The prices of today.
   *
   * @param old tells which things and regions are priced
   * @throws IOException if they cannot be had; its message tells why
   */
  Fetched fetch(Http http, PriceBook old, LocalDate today) throws IOException;

  /**
   * What was found.
   *
   * @param prices the prices
   * @param notes what was found and not taken, in words
   */
  record Fetched(List<Price> prices, List<String> notes) {}
}
