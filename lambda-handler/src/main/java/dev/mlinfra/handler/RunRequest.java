package dev.mlinfra.handler;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a run is started with.
 *
 * <pre>{@code
 * {
 *   "model_key":     "models/m1/model.onnx",
 *   "scaler_key":    "models/m1/scaler.json",     optional
 *   "baseline_key":  "models/m1/baseline.json",   optional
 *   "data_prefix":   "datasets/november/",        all objects below it, or
 *   "data_key":      "datasets/november.csv",     one object, in ranges
 *   "output_prefix": "results/november/"
 * }
 * }</pre>
 *
 * @param model keys of the model, its scaler and baseline, by the names of the fields
 * @param dataPrefix empty when one object is divided
 * @param dataKey empty when all objects below a prefix are predicted for
 * @param outputPrefix where the outputs go
 */
record RunRequest(
    Map<String, String> model,
    Optional<String> dataPrefix,
    Optional<String> dataKey,
    String outputPrefix) {
  private static final List<String> MODEL = List.of("model_key", "scaler_key", "baseline_key");
  private static final List<String> FIELDS =
      List.of(
          "model_key", "scaler_key", "baseline_key", "data_prefix", "data_key", "output_prefix");

  /**
   * Reads a request.
   *
   * @throws PredictionException {@code EVENT_INVALID} with all problems
   */
  static RunRequest parse(Map<String, Object> request, RunSettings settings) {
    List<String> problems = new ArrayList<>();
    Map<String, String> texts = new TreeMap<>();
    for (Map.Entry<String, Object> entry : new TreeMap<>(request).entrySet()) {
      if (!FIELDS.contains(entry.getKey())) {
        problems.add(entry.getKey() + " is unknown, allowed are " + String.join(", ", FIELDS));
      } else if (!(entry.getValue() instanceof String text) || text.isBlank()) {
        problems.add(entry.getKey() + " must be a text");
      } else {
        texts.put(entry.getKey(), text);
      }
    }
    for (String field : List.of("model_key", "output_prefix")) {
      if (!request.containsKey(field)) {
        problems.add(field + " is missing");
      }
    }
    if (request.containsKey("data_prefix") == request.containsKey("data_key")) {
      problems.add("one of data_prefix and data_key is needed, not both");
    }
    folder("data_prefix", texts, settings.inputPrefix(), problems);
    folder("output_prefix", texts, settings.outputPrefix(), problems);
    if (texts.getOrDefault("output_prefix", "").startsWith(settings.runsPrefix())) {
      problems.add("output_prefix must not be below " + settings.runsPrefix());
    }
    if (!texts
        .getOrDefault("data_key", settings.inputPrefix())
        .startsWith(settings.inputPrefix())) {
      problems.add("data_key must be below " + settings.inputPrefix());
    }
    if (!problems.isEmpty()) {
      throw new PredictionException(
          PredictionError.EVENT_INVALID,
          String.join("; ", problems) + ". Put the input right and start the run again");
    }
    Map<String, String> model = new TreeMap<>(texts);
    model.keySet().retainAll(MODEL);
    return new RunRequest(
        model,
        Optional.ofNullable(texts.get("data_prefix")),
        Optional.ofNullable(texts.get("data_key")),
        texts.get("output_prefix"));
  }

  private static void folder(
      String field, Map<String, String> texts, String below, List<String> problems) {
    String given = texts.get(field);
    if (given != null && (!given.startsWith(below) || !given.endsWith("/"))) {
      problems.add(
          field
              + " is '"
              + Texts.shorten(given)
              + "', must begin with "
              + below
              + " and end with /");
    }
  }
}
