package dev.mlinfra.cost.internal.refresh;

import dev.mlinfra.cost.Price;
import dev.mlinfra.cost.PriceBook;
import dev.mlinfra.cost.Usd;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** RunPod's catalog of GPUs, {@code GET /v2/catalog/gpus}: prices of pods and serverless pools. */
public final class RunPodCatalog implements PriceSource {
  /** Where RunPod answers. */
  public static final URI URL = URI.create("https://api.runpod.io");

  /** The environment variable with the key; it is never given on a command line. */
  public static final String KEY = "RUNPOD_API_KEY";

  private static final long MAX_BYTES = 5L << 20;

  private final URI url;
  private final Optional<String> key;

  /**
   * @param url in place of {@link #URL}
   * @param key value of {@value #KEY}
   */
  public RunPodCatalog(URI url, Optional<String> key) {
    this.url = url;
    this.key = key;
  }

  @Override
  public String provider() {
    return "runpod";
  }

  @Override
  public Fetched fetch(Http http, PriceBook old, LocalDate today) throws IOException {
    String bearer =
        key.filter(given -> !given.isBlank())
            .orElseThrow(
                () ->
                    new IOException(
                        KEY
                            + " is not set; fix: make a key that may only read at"
                            + " https://console.runpod.io and export it"));
    URI page = url.resolve("/v2/catalog/gpus");
    Map<String, String> headers = Map.of("Authorization", "Bearer " + bearer);
    JsonNode answer =
        Json.read(page, http.get(page, headers, MAX_BYTES, InputStream::readAllBytes));
    if (!answer.path("gpus").isArray()) {
      throw new IOException("GET " + page + ": no gpus in the answer");
    }
    List<Price> prices = new ArrayList<>();
    Map<String, Set<Double>> pools = new TreeMap<>();
    for (JsonNode gpu : answer.path("gpus")) {
      String id = gpu.path("id").asString("");
      JsonNode price = gpu.path("price");
      for (String cloud : List.of("secure", "community")) {
        double usd = price.path(cloud).asDouble(0);
        if (!id.isBlank() && gpu.path(cloud).asBoolean(false) && usd > 0) {
          prices.add(price("pod", id + " " + cloud.toUpperCase(Locale.ROOT), usd, today));
        }
      }
      String pool = gpu.path("pool").asString("");
      double serverless = price.path("serverless").asDouble(0);
      if (!pool.isBlank() && serverless > 0) {
        pools.computeIfAbsent(pool, any -> new TreeSet<>()).add(serverless);
      }
    }
    List<String> notes = new ArrayList<>();
    pools.forEach(
        (pool, amounts) -> {
          if (amounts.size() > 1) {
            notes.add(
                "runpod all serverless-flex %s: %s prices for it, so none was taken"
                    .formatted(pool, amounts.size()));
          } else {
            prices.add(price("serverless-flex", pool, amounts.iterator().next(), today));
          }
        });
    return new Fetched(prices, notes);
  }

  private static Price price(String service, String item, double usd, LocalDate today) {
    return new Price(
        "runpod",
        "all",
        service,
        item,
        "hour",
        // The API's numbers are of single precision.
        Usd.of(Math.round(usd * 1e6) / 1e6),
        "RunPod REST API GET /v2/catalog/gpus",
        Optional.of(today),
        "");
  }
}
