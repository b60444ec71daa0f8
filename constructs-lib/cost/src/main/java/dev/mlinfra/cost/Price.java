package dev.mlinfra.cost;

import java.time.LocalDate;
import java.util.Optional;

/**
 * What one unit costs, where that was found, and when it was so.
 *
 * @param provider {@code aws}, {@code gcp}, {@code azure} or {@code runpod}
 * @param region such as {@code us-east-1}; {@code all} where the price is the same everywhere
 * @param service such as {@code lambda}, {@code ec2}
 * @param item such as {@code requests}, {@code g5.xlarge}
 * @param unit such as {@code hour}, {@code GB-month}, {@code 1M requests}
 * @param usd per unit; a range for what floats, such as spot
 * @param source file or page, as its readers name it
 * @param date when the source last changed; empty when it does not say
 * @param note what weakens it; empty when nothing does
 * @param standsInFor the region that was asked for, where no source has its price; empty when this
 *     is the price of that region
 */
public record Price(
    String provider,
    String region,
    String service,
    String item,
    String unit,
    Usd usd,
    String source,
    Optional<LocalDate> date,
    String note,
    Optional<String> standsInFor) {

  /** A price of its own region. */
  public Price(
      String provider,
      String region,
      String service,
      String item,
      String unit,
      Usd usd,
      String source,
      Optional<LocalDate> date,
      String note) {
    this(provider, region, service, item, unit, usd, source, date, note, Optional.empty());
  }

  /** The same, in place of the price of a region that no source has. */
  public Price standingInFor(String otherRegion) {
    return new Price(
        provider, region, service, item, unit, usd, source, date, note, Optional.of(otherRegion));
  }

  /** What it is the price of: {@code aws us-east-1 ec2 g5.xlarge}. */
  public String name() {
    return String.join(" ", provider, region, service, item);
  }

  /** Whether it moves from hour to hour, so that only a range is known. */
  public boolean isSpot() {
    return service.endsWith("-spot");
  }
}
