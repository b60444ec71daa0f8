package dev.mlinfra.cost.internal.refresh;

import dev.mlinfra.cost.Price;
import dev.mlinfra.cost.PriceBook;
import dev.mlinfra.cost.Usd;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * GCP's prices as Cyclenerd/google-cloud-pricing-cost-calculator publishes them each week out of
 * the Cloud Billing API, which itself needs a key. Storage is priced per GiB and month there.
 */
public final class GcpPriceList implements PriceSource {
  /** Where it is published. */
  public static final URI URL = URI.create("https://raw.githubusercontent.com");

  private static final String PATH =
      "/Cyclenerd/google-cloud-pricing-cost-calculator/master/pricing.yml";
  private static final int MAX_BYTES = 32 << 20;

  private final URI url;
  private final Set<String> regions;

  /**
   * @param url in place of {@link #URL}
   * @param regions whose prices to read
   */
  public GcpPriceList(URI url, Set<String> regions) {
    this.url = url;
    this.regions = new TreeSet<>(regions);
  }

  @Override
  public String provider() {
    return "gcp";
  }

  @Override
  public Fetched fetch(Http http, PriceBook old, LocalDate today) throws IOException {
    URI page = url.resolve(PATH);
    Object tree = load(page, http.get(page, Map.of(), MAX_BYTES, InputStream::readAllBytes));
    if (entry(tree, "compute", "instance").isEmpty()) {
      throw new IOException("GET " + page + ": no compute.instance in the answer");
    }
    LocalDate date = generated(tree).filter(day -> !day.isAfter(today)).orElse(today);
    List<Price> prices = new ArrayList<>();
    for (Place place : places(old)) {
      for (String region : regions) {
        entry(tree, place.path(region).toArray(String[]::new))
            .flatMap(GcpPriceList::number)
            .filter(usd -> usd > 0)
            .ifPresent(usd -> prices.add(price(place, region, usd, date)));
      }
    }
    return new Fetched(prices, List.of());
  }

  private static Object load(URI page, byte[] answer) throws IOException {
    try {
      return new Load(LoadSettings.builder().setCodePointLimit(MAX_BYTES).build())
          .loadFromString(new String(answer, StandardCharsets.UTF_8));
    } catch (YamlEngineException e) {
      throw new IOException("GET " + page + ": not YAML", e);
    }
  }

  /** Where a price of ours stands in the list: the way to its regions, and the key in a region. */
  private record Place(
      String service, String item, String unit, String note, List<String> way, String key) {

    List<String> path(String region) {
      List<String> path = new ArrayList<>(way);
      path.addAll(List.of("cost", region, key));
      return path;
    }
  }

  private static Set<Place> places(PriceBook old) {
    return old.prices().stream()
        .filter(price -> price.provider().equals("gcp"))
        .flatMap(price -> place(price).stream())
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private static Optional<Place> place(Price price) {
    String item = price.item();
    return switch (price.service()) {
      case "compute" -> place(price, "hour", "compute", "instance", item);
      case "compute-spot" -> place(price, "hour_spot", "compute", "instance", item);
      case "disk" -> place(price, "month", "compute", "storage", item);
      case "external-ip" ->
          place(price, "hour", "compute", "network", "ip", item.equals("unused") ? item : "vm");
      case "nat" ->
          item.equals("gateway")
              ? place(price, "hour", "compute", "network", "nat", "gateway")
              : place(price, "month", "compute", "network", "nat", "data");
      case "vpn" -> place(price, "hour", "compute", "network", "vpn", item);
      case "gcs" -> bucket(price);
      default -> Optional.empty();
    };
  }

  private static Optional<Place> bucket(Price price) {
    String item = price.item().replace("archive", "archiv");
    if (item.endsWith(" storage") && !price.region().contains(" ")) {
      return place(price, "month", "storage", "bucket", item.replace(" storage", ""));
    }
    return item.endsWith(" retrieval")
        ? place(price, "month", "storage", "retrieval", item.replace(" retrieval", ""))
        : Optional.empty();
  }

  private static Optional<Place> place(Price price, String key, String... way) {
    return Optional.of(
        new Place(price.service(), price.item(), price.unit(), price.note(), List.of(way), key));
  }

  private static Price price(Place place, String region, double usd, LocalDate date) {
    return new Price(
        "gcp",
        region,
        place.service(),
        place.item(),
        place.unit(),
        Usd.of(usd),
        "Cyclenerd/google-cloud-pricing-cost-calculator pricing.yml",
        Optional.of(date),
        place.note());
  }

  private static Optional<LocalDate> generated(Object tree) {
    return entry(tree, "about", "timestamp")
        .flatMap(GcpPriceList::number)
        .map(
            seconds ->
                Instant.ofEpochSecond(seconds.longValue()).atZone(ZoneOffset.UTC).toLocalDate());
  }

  private static Optional<Object> entry(Object tree, String... path) {
    Object at = tree;
    for (String key : path) {
      at = at instanceof Map<?, ?> map ? map.get(key) : null;
    }
    return Optional.ofNullable(at);
  }

  private static Optional<Double> number(Object value) {
    return value instanceof Number number ? Optional.of(number.doubleValue()) : Optional.empty();
  }
}
