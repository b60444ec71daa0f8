package dev.mlinfra.handler;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Sums up a run from its plan and from what Step Functions wrote of each item: what succeeded with
 * how many rows, what failed with which code, what was not started. In the order of the plan, so
 * that the outputs of ranges can be put together as they stand.
 *
 * <pre>{@code
 * {"format": "mlinfra/run/v1", "run": "november", "items": 3, "succeeded": 1, "failed": 1,
 *  "not_started": 1, "rows": 442,
 *  "outputs": [{"data_key": ..., "output_key": ..., "rows": 442}],
 *  "failures": [{"data_key": ..., "output_key": ..., "code": "CSV_INVALID", "error": ...}],
 *  "left": [{"data_key": ..., "output_key": ...}]}
 * }</pre>
 */
final class RunManifest {
  private static final String FORMAT = "mlinfra/run/v1";
  private static final String RESULTS = "manifest.json";

  private final ObjectStore store;
  private final ObjectListing listing;
  private final RunSettings settings;

  RunManifest(ObjectStore store, ObjectListing listing, RunSettings settings) {
    this.store = store;
    this.listing = listing;
    this.settings = settings;
  }

  /** The outcome of one item. */
  private record Outcome(Optional<Long> rows, String code, String error) {}

  /**
   * Writes the manifest.
   *
   * @return its key and counts
   * @throws PredictionException what reading and writing may throw
   */
  Map<String, Object> write(String run) {
    Map<String, Outcome> outcomes = outcomes(settings.folder(run) + "map/");
    List<Map<String, Object>> outputs = new ArrayList<>();
    List<Map<String, Object>> failures = new ArrayList<>();
    List<Map<String, Object>> left = new ArrayList<>();
    objects(
        settings.folder(run) + "items.json",
        item -> {
          Outcome outcome = outcomes.get((String) item.get("output_key"));
          Map<String, Object> entry = new LinkedHashMap<>();
          entry.put("data_key", item.get("data_key"));
          entry.put("output_key", item.get("output_key"));
          if (item.get("range") instanceof Map<?, ?> range) {
            entry.put("start", range.get("start"));
            entry.put("end", range.get("end"));
          }
          if (outcome == null) {
            left.add(entry);
          } else if (outcome.rows().isPresent()) {
            entry.put("rows", outcome.rows().get());
            outputs.add(entry);
          } else {
            entry.put("code", outcome.code());
            entry.put("error", outcome.error());
            failures.add(entry);
          }
        });
    Map<String, Object> counts = new LinkedHashMap<>();
    counts.put("items", (long) outputs.size() + failures.size() + left.size());
    counts.put("succeeded", (long) outputs.size());
    counts.put("failed", (long) failures.size());
    counts.put("not_started", (long) left.size());
    counts.put("rows", outputs.stream().mapToLong(entry -> (Long) entry.get("rows")).sum());

    Map<String, Object> manifest = new LinkedHashMap<>();
    manifest.put("format", FORMAT);
    manifest.put("run", run);
    manifest.putAll(counts);
    manifest.put("outputs", outputs);
    manifest.put("failures", failures);
    manifest.put("left", left);
    String key = settings.folder(run) + "manifest.json";
    try (ObjectWriter out = store.create(ref(key))) {
      RunPlanner.write(out, Json.object(manifest) + "\n");
      out.complete();
    }
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("manifest_bucket", settings.bucket());
    answer.put("manifest_key", key);
    answer.putAll(counts);
    return answer;
  }

  /** What became of items, by the key of their output. */
  private Map<String, Outcome> outcomes(String prefix) {
    Map<String, Outcome> outcomes = new LinkedHashMap<>();
    for (String results : resultManifests(prefix)) {
      Map<String, Object> files =
          JsonValues.asObject(
              JsonValues.object(open(results)).getOrDefault("ResultFiles", Map.of()));
      for (String kind : List.of("SUCCEEDED", "FAILED")) {
        for (Object file : (List<?>) files.getOrDefault(kind, List.of())) {
          String key = (String) JsonValues.asObject(file).get("Key");
          objects(
              key,
              child ->
                  outcomes.put(
                      (String) JsonValues.object((String) child.get("Input")).get("output_key"),
                      kind.equals("SUCCEEDED") ? success(child) : failure(child)));
        }
      }
    }
    return outcomes;
  }

  /** There is one once Step Functions has begun with the items, in a folder that it names. */
  private List<String> resultManifests(String prefix) {
    try (Stream<ObjectListing.Listed> found = listing.list(settings.bucket(), prefix)) {
      return found
          .map(ObjectListing.Listed::key)
          .filter(key -> key.endsWith("/" + RESULTS))
          .toList();
    }
  }

  private static Outcome success(Map<String, Object> child) {
    Map<String, Object> answer = JsonValues.object((String) child.get("Output"));
    Map<String, Object> body = JsonValues.object((String) answer.get("body"));
    return new Outcome(Optional.of((Long) body.get("num_predictions")), "", "");
  }

  /** The function's own errors are texts that begin with their code; others have a name. */
  private static Outcome failure(Map<String, Object> child) {
    String name = (String) child.getOrDefault("Error", "");
    String cause = (String) child.getOrDefault("Cause", "");
    if (name.equals(PredictionException.class.getName())) {
      String message = (String) JsonValues.object(cause).get("errorMessage");
      int colon = message.indexOf(": ");
      return new Outcome(
          Optional.empty(), message.substring(0, colon), message.substring(colon + 2));
    }
    return new Outcome(Optional.empty(), name, cause);
  }

  private void objects(String key, Consumer<Map<String, Object>> each) {
    JsonValues.objects(open(key), each);
  }

  private InputStream open(String key) {
    ObjectRef object = ref(key);
    return store.open(
        object,
        store
            .info(object)
            .orElseThrow(
                () ->
                    new PredictionException(
                        PredictionError.OBJECT_NOT_FOUND, "there is no object " + object)));
  }

  private ObjectRef ref(String key) {
    return new ObjectRef(settings.bucket(), key);
  }
}
