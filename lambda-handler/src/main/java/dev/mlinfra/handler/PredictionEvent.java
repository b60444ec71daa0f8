package dev.mlinfra.handler;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The event that starts a prediction.
 *
 * <pre>{@code
 * {
 *   "model_bucket": "ml-data",  "model_key":  "models/m1/model.onnx",
 *   "scaler_key":   "models/m1/scaler.json",     optional, in model_bucket
 *   "baseline_key": "models/m1/baseline.json",   optional, in model_bucket
 *   "data_bucket":  "ml-data",  "data_key":   "datasets/today.csv",
 *   "output_key":   "results/today.csv",         in data_bucket
 *   "outputs":      "label,probabilities",       optional: the model's outputs to write
 *   "model_sha256": "8c1f...",                   optional: checksum that the model must have
 *   "range": {"start": 0, "end": 1048576, ...},  optional: a part of the data, see DataRange
 *   "on_error":     "answer"                     optional: answer or throw
 * }
 * }</pre>
 *
 * @param request what to read and write
 * @param range the part of the data to predict for; empty for all
 * @param throwOnError see {@link PredictionHandler}
 */
record PredictionEvent(PredictionRequest request, Optional<DataRange> range, boolean throwOnError) {
  private static final List<String> REQUIRED =
      List.of("model_bucket", "model_key", "data_bucket", "data_key", "output_key");
  private static final List<String> OPTIONAL =
      List.of("scaler_key", "baseline_key", "outputs", "model_sha256", "range", "on_error");
  private static final int MAX_LENGTH = 1024; // of an S3 key

  /**
   * Says whether a failure of this event is to be thrown. Works for invalid events too, whose
   * sender wants to know about them in the same way.
   */
  static boolean throwsOnError(Map<String, Object> event) {
    return event != null && "throw".equals(event.get("on_error"));
  }

  /**
   * Reads an event.
   *
   * @throws PredictionException {@code EVENT_INVALID} with all problems
   */
  static PredictionEvent parse(Map<String, Object> event) {
    List<String> problems = problems(event == null ? Map.of() : event);
    if (!problems.isEmpty()) {
      throw new PredictionException(
          PredictionError.EVENT_INVALID,
          String.join("; ", problems) + ". Put the event right and send it again");
    }
    String modelBucket = (String) event.get("model_bucket");
    String dataBucket = (String) event.get("data_bucket");
    return new PredictionEvent(
        new PredictionRequest(
            new ObjectRef(modelBucket, (String) event.get("model_key")),
            optional(event, "scaler_key", modelBucket),
            optional(event, "baseline_key", modelBucket),
            new ObjectRef(dataBucket, (String) event.get("data_key")),
            new ObjectRef(dataBucket, (String) event.get("output_key")),
            outputs((String) event.get("outputs")),
            Optional.ofNullable((String) event.get("model_sha256"))
                .map(checksum -> checksum.toLowerCase(Locale.ROOT))),
        Optional.ofNullable(event.get("range")).map(DataRange::of),
        throwsOnError(event));
  }

  private static List<String> outputs(String given) {
    return given == null
        ? List.of()
        : Arrays.stream(given.split(",", -1)).map(String::strip).toList();
  }

  private static Optional<ObjectRef> optional(
      Map<String, Object> event, String field, String bucket) {
    return Optional.ofNullable((String) event.get(field)).map(key -> new ObjectRef(bucket, key));
  }

  /**
   * Holds the event against what the function may touch.
   *
   * @throws PredictionException {@code BUCKET_NOT_ALLOWED}, {@code OUTPUT_NOT_ALLOWED} or {@code
   *     OUTPUT_EQUALS_INPUT}
   */
  void requireAllowed(HandlerSettings settings) {
    List<String> refused =
        Stream.of(request.model().bucket(), request.data().bucket())
            .distinct()
            .filter(bucket -> !settings.allowedBuckets().contains(bucket))
            .toList();
    if (!refused.isEmpty()) {
      throw new PredictionException(
          PredictionError.BUCKET_NOT_ALLOWED,
          String.join(", ", refused)
              + " not in MLINFRA_ALLOWED_BUCKETS, which is "
              + (settings.allowedBuckets().isEmpty()
                  ? "empty, so that every bucket is refused"
                  : new TreeSet<>(settings.allowedBuckets()))
              + ". Name a bucket of that list, or add this one on the function");
    }
    String outputKey = request.output().key();
    if (!outputKey.startsWith(settings.outputPrefix()) || outputKey.endsWith("/")) {
      throw new PredictionException(
          PredictionError.OUTPUT_NOT_ALLOWED,
          "output_key is '"
              + outputKey
              + "'; allowed: a key below "
              + settings.outputPrefix()
              + " (MLINFRA_OUTPUT_PREFIX)");
    }
    request.requireOutputApart();
  }

  private static List<String> problems(Map<String, Object> event) {
    List<String> problems = new ArrayList<>();
    for (String field : REQUIRED) {
      if (event.get(field) == null) {
        problems.add(field + " is missing");
      }
    }
    for (Map.Entry<String, Object> entry : new TreeMap<>(event).entrySet()) {
      String field = entry.getKey();
      Object value = entry.getValue();
      if (!REQUIRED.contains(field) && !OPTIONAL.contains(field)) {
        // Not ignored: a misspelt scaler_key would predict from unscaled values, and succeed.
        problems.add(
            field
                + " is unknown, allowed are "
                + String.join(", ", REQUIRED)
                + " and optional "
                + String.join(", ", OPTIONAL));
      } else if (value != null) {
        problem(field, value).ifPresent(problem -> problems.add(field + " " + problem));
      }
    }
    return problems;
  }

  private static Optional<String> problem(String field, Object value) {
    if (field.equals("range")) {
      return DataRange.problem(value);
    }
    if (!(value instanceof String text)) {
      return Optional.of("is " + value.getClass().getSimpleName() + ", must be a string");
    }
    if (field.equals("on_error")) {
      return text.equals("answer") || text.equals("throw")
          ? Optional.empty()
          : Optional.of("is '" + Texts.shorten(text) + "', allowed are answer and throw");
    }
    if (field.equals("model_sha256")) {
      return text.toLowerCase(Locale.ROOT).matches(HandlerSettings.SHA256)
          ? Optional.empty()
          : Optional.of("is '" + Texts.shorten(text) + "', must be 64 hexadecimal digits");
    }
    if (field.equals("outputs")) {
      List<String> outputs = outputs(text);
      return outputs.stream().noneMatch(String::isEmpty)
              && outputs.stream().distinct().count() == outputs.size()
          ? Optional.empty()
          : Optional.of(
              "is '"
                  + Texts.shorten(text)
                  + "', must be names of outputs, each once, with commas between");
    }
    if (text.isBlank()) {
      return Optional.of("is empty");
    }
    if (text.length() > MAX_LENGTH) {
      return Optional.of("has " + text.length() + " characters, S3 allows " + MAX_LENGTH);
    }
    // Keys with such parts mean one thing to S3 and another to whoever resolves them as paths.
    if (Arrays.stream(text.split("/", -1)).anyMatch(part -> part.equals(".") || part.equals(".."))
        || text.chars().anyMatch(Character::isISOControl)) {
      return Optional.of(
          "is '" + Texts.shorten(text) + "', must have no part . or .. and no control characters");
    }
    return Optional.empty();
  }
}
