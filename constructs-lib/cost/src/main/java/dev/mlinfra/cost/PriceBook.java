package dev.mlinfra.cost;

import de.siegmar.fastcsv.reader.NamedCsvRecord;
import dev.mlinfra.cost.internal.DataFile;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Dated prices. Immutable. */
public final class PriceBook {
  private static final List<String> FILES =
      List.of("prices/aws.csv", "prices/gcp.csv", "prices/azure.csv", "prices/runpod.csv");

  private static final Map<String, String> REFERENCE_REGIONS =
      Map.of("aws", "us-east-1", "gcp", "us-central1", "azure", "eastus", "runpod", "all");

  private record Key(String provider, String region, String service, String item) {}

  private final Map<Key, Price> prices;

  private PriceBook(Collection<Price> prices) {
    this.prices = new LinkedHashMap<>();
    for (Price price : prices) {
      Key key = new Key(price.provider(), price.region(), price.service(), price.item());
      if (this.prices.put(key, price) != null) {
        throw new IllegalArgumentException("two prices for " + key);
      }
    }
  }

  /** The prices that come with this version. */
  public static PriceBook bundled() {
    return Bundled.BOOK;
  }

  /** A book of these prices. */
  public static PriceBook of(Collection<Price> prices) {
    return new PriceBook(prices);
  }

  /** All prices, in the order of their files. */
  public List<Price> prices() {
    return List.copyOf(prices.values());
  }

  /**
   * The price in a region; where no source has one, the price that is the same everywhere; else
   * that of the provider's reference region (us-east-1, us-central1, eastus), whose {@link
   * Price#standsInFor} then tells so.
   */
  public Optional<Price> find(String provider, String region, String service, String item) {
    return Stream.of(region, "all", "global")
        .map(where -> prices.get(new Key(provider, where, service, item)))
        .filter(Objects::nonNull)
        .findFirst()
        .or(
            () ->
                Optional.ofNullable(REFERENCE_REGIONS.get(provider))
                    .map(reference -> prices.get(new Key(provider, reference, service, item)))
                    .map(price -> price.standingInFor(region)));
  }

  private static final class Bundled {
    static final PriceBook BOOK = read();

    private static PriceBook read() {
      List<Price> prices = new ArrayList<>();
      for (String file : FILES) {
        DataFile.read(PriceBook.class, file).forEach(row -> prices.add(price(row)));
      }
      return new PriceBook(prices);
    }

    private static Price price(NamedCsvRecord row) {
      double low = Double.parseDouble(row.getField("usd"));
      String high = row.getField("usd_high");
      String date = row.getField("date");
      return new Price(
          row.getField("provider"),
          row.getField("region"),
          row.getField("service"),
          row.getField("item"),
          row.getField("unit"),
          new Usd(low, high.isEmpty() ? low : Double.parseDouble(high)),
          row.getField("source"),
          date.isEmpty() ? Optional.empty() : Optional.of(LocalDate.parse(date)),
          row.getField("note"));
    }
  }
}
