package dev.mlinfra.cost.internal.refresh;

import dev.mlinfra.cost.Price;
import dev.mlinfra.cost.PriceBook;
import dev.mlinfra.cost.Usd;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Azure's list of retail prices: pages of JSON, asked for by region. Needs no key. */
public final class AzureRetailPrices implements PriceSource {
  /** Where Azure publishes it. */
  public static final URI URL = URI.create("https://prices.azure.com");

  private static final String VERSION = "2023-01-01-preview";
  private static final long MAX_BYTES = 20L << 20;
  private static final int MAX_PAGES = 200;

  private final URI url;
  private final Set<String> regions;

  /**
   * @param url in place of {@link #URL}
   * @param regions whose prices to read
   */
  public AzureRetailPrices(URI url, Set<String> regions) {
    this.url = url;
    this.regions = new TreeSet<>(regions);
  }

  @Override
  public String provider() {
    return "azure";
  }

  @Override
  public Fetched fetch(Http http, PriceBook old, LocalDate today) throws IOException {
    Set<String> sizes =
        old.prices().stream()
            .filter(price -> price.provider().equals("azure") && price.service().equals("vm"))
            .map(Price::item)
            .collect(Collectors.toSet());
    List<Price> prices = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    for (String region : regions) {
      Map<String, Set<Double>> found = new TreeMap<>();
      Optional<URI> page = Optional.of(first(region));
      for (int i = 0; page.isPresent(); i++) {
        if (i == MAX_PAGES) {
          throw new IOException("more than " + MAX_PAGES + " pages for " + region);
        }
        page = read(http, page.get(), region, sizes, found);
      }
      found.forEach(
          (key, amounts) -> {
            if (amounts.size() > 1) {
              notes.add(
                  "azure %s %s: %s prices for it, so none was taken"
                      .formatted(region, key, amounts.size()));
            } else {
              prices.add(price(region, key, amounts.iterator().next(), today));
            }
          });
    }
    return new Fetched(prices, notes);
  }

  private URI first(String region) {
    String filter =
        "serviceName eq 'Virtual Machines' and priceType eq 'Consumption' and armRegionName eq '%s'"
            .formatted(region);
    return url.resolve(
        "/api/retail/prices?api-version=%s&$filter=%s"
            .formatted(VERSION, URLEncoder.encode(filter, StandardCharsets.UTF_8)));
  }

  /** Adds a page's prices; returns the page after it. */
  private Optional<URI> read(
      Http http, URI page, String region, Set<String> sizes, Map<String, Set<Double>> found)
      throws IOException {
    JsonNode answer =
        Json.read(page, http.get(page, Map.of(), MAX_BYTES, InputStream::readAllBytes));
    if (!answer.path("Items").isArray()) {
      throw new IOException("GET " + page + ": no Items in the answer");
    }
    for (JsonNode item : answer.path("Items")) {
      key(item, region, sizes)
          .ifPresent(
              key ->
                  found
                      .computeIfAbsent(key, any -> new TreeSet<>())
                      .add(item.path("retailPrice").asDouble()));
    }
    String next = answer.path("NextPageLink").asString("");
    if (next.isEmpty()) {
      return Optional.empty();
    }
    // The host of the link is not followed: it may be another's, and a mirror's is not in it.
    URI link = URI.create(next.replace(" ", "%20").replace("'", "%27"));
    return Optional.of(url.resolve(link.getRawPath() + "?" + link.getRawQuery()));
  }

  private static Optional<String> key(JsonNode item, String region, Set<String> sizes) {
    String size = item.path("armSkuName").asString("");
    String sku = item.path("skuName").asString("");
    boolean wanted =
        sizes.contains(size)
            && item.path("currencyCode").asString("").equals("USD")
            && item.path("armRegionName").asString("").equals(region)
            && item.path("type").asString("").equals("Consumption")
            && item.path("unitOfMeasure").asString("").equals("1 Hour")
            && item.path("retailPrice").asDouble(0) > 0
            && !item.path("productName").asString("").endsWith(" Windows")
            && !item.path("productName").asString("").contains("Dedicated")
            && !item.path("meterName").asString("").endsWith(" Low Priority");
    return wanted
        ? Optional.of((sku.endsWith(" Spot") ? "vm-spot " : "vm ") + size)
        : Optional.empty();
  }

  private static Price price(String region, String key, double usd, LocalDate today) {
    int space = key.indexOf(' ');
    return new Price(
        "azure",
        region,
        key.substring(0, space),
        key.substring(space + 1),
        "hour",
        Usd.of(usd),
        "Azure Retail Prices API " + VERSION,
        Optional.of(today),
        "");
  }
}
