package dev.mlinfra.handler;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Turns a request into the events that prediction functions get, one for each object or range, and
 * refuses a run that may cost more than is allowed before any of it has run.
 */
final class RunPlanner {
  private static final double GB = 1e9;

  private final ObjectStore store;
  private final ObjectListing listing;
  private final RunSettings settings;
  private final RangePlanner ranges;

  RunPlanner(ObjectStore store, ObjectListing listing, RunSettings settings, RangePlanner ranges) {
    this.store = store;
    this.listing = listing;
    this.settings = settings;
    this.ranges = ranges;
  }

  /**
   * Where a plan lies and what it holds.
   *
   * @param key of a list of events
   * @param items how many they are
   * @param bytes of data
   */
  record Plan(String key, long items, long bytes) {}

  /**
   * Plans a run and writes the plan.
   *
   * @throws PredictionException {@code RUN_TOO_LARGE}, {@code OBJECT_NOT_FOUND}, and what reading
   *     and writing may throw
   */
  Plan plan(String run, RunRequest request, Deadline deadline) {
    List<Map<String, Object>> items = new ArrayList<>();
    long bytes =
        request.dataPrefix().isPresent()
            ? objects(request, request.dataPrefix().get(), items)
            : rangesOf(request, request.dataKey().orElseThrow(), items, deadline);
    String key = settings.folder(run) + "items.json";
    write(key, items);
    return new Plan(key, items.size(), bytes);
  }

  private long objects(RunRequest request, String prefix, List<Map<String, Object>> items) {
    long bytes = 0;
    try (Stream<ObjectListing.Listed> found = listing.list(settings.bucket(), prefix)) {
      for (Iterator<ObjectListing.Listed> each = found.iterator(); each.hasNext(); ) {
        ObjectListing.Listed object = each.next();
        // Consoles make such objects to show a folder.
        if (object.key().endsWith("/") && object.size() == 0) {
          continue;
        }
        bytes += object.size();
        items.add(
            item(
                request,
                object.key(),
                request.outputPrefix() + object.key().substring(prefix.length())));
        requireAffordable(items.size(), "more than " + settings.maxItems() + " objects");
        requireSize(bytes);
      }
    }
    if (items.isEmpty()) {
      throw new PredictionException(
          PredictionError.OBJECT_NOT_FOUND, "there is no object below " + prefix);
    }
    return bytes;
  }

  private long rangesOf(
      RunRequest request, String key, List<Map<String, Object>> items, Deadline deadline) {
    ObjectRef data = new ObjectRef(settings.bucket(), key);
    ObjectStore.Info info =
        store
            .info(data)
            .orElseThrow(
                () ->
                    new PredictionException(
                        PredictionError.OBJECT_NOT_FOUND, "there is no object " + data));
    requireSize(info.size());
    long most = (info.size() + settings.rangeBytes() - 1) / settings.rangeBytes();
    requireAffordable(most, "%d ranges of %d bytes".formatted(most, settings.rangeBytes()));
    List<DataRange> found = ranges.divide(store, data, info, settings.rangeBytes(), deadline);
    for (DataRange range : found) {
      Map<String, Object> item =
          item(request, key, "%spart-%05d.csv".formatted(request.outputPrefix(), items.size()));
      item.put("range", range.toMap());
      items.add(item);
    }
    return info.size();
  }

  private Map<String, Object> item(RunRequest request, String dataKey, String outputKey) {
    Map<String, Object> item = new LinkedHashMap<>();
    item.put("model_bucket", settings.bucket());
    item.putAll(request.model());
    item.put("data_bucket", settings.bucket());
    item.put("data_key", dataKey);
    item.put("output_key", outputKey);
    // A child of the run must fail for its item to count as failed.
    item.put("on_error", "throw");
    return item;
  }

  private void requireSize(long bytes) {
    if (bytes > settings.maxBytes()) {
      throw new PredictionException(
          PredictionError.RUN_TOO_LARGE,
          String.format(
              Locale.ROOT,
              "the data have more than %.3f GB, which is the most that a run may read."
                  + " Split the run, or raise the limit where the run is set up",
              settings.maxBytes() / GB));
    }
  }

  private void requireAffordable(long items, String what) {
    double usd = settings.usdPerRun() + items * settings.usdPerItem();
    if (items > settings.maxItems() || usd > settings.maxUsd()) {
      throw new PredictionException(
          PredictionError.RUN_TOO_LARGE,
          String.format(
              Locale.ROOT,
              "%s: %d x %s = %.6f USD, and %.6f USD for the run itself, are %.2f USD at most;"
                  + " allowed are %d items and %.2f USD. Split the run, lower the function's"
                  + " timeout, or raise the limits where the run is set up",
              what,
              items,
              settings.arithmetic(),
              items * settings.usdPerItem(),
              settings.usdPerRun(),
              usd,
              settings.maxItems(),
              settings.maxUsd()));
    }
  }

  private void write(String key, List<Map<String, Object>> items) {
    try (ObjectWriter out = store.create(new ObjectRef(settings.bucket(), key))) {
      String separator = "[";
      for (Map<String, Object> item : items) {
        write(out, separator + Json.object(item));
        separator = ",\n";
      }
      write(out, "]\n");
      out.complete();
    }
  }

  static void write(ObjectWriter out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.write(bytes, 0, bytes.length);
  }
}
