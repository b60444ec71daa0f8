package dev.mlinfra.handler;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The metrics of one call as a line of the log, in CloudWatch's embedded metric format: CloudWatch
 * makes metrics of it without a call to it.
 *
 * <p>Each metric costs by the month, so there are few; what belongs to single features stands in
 * the same line for queries.
 */
final class PredictionMetrics {
  private static final String NAMESPACE = "mlinfra/prediction";
  private static final String FUNCTION = "function";

  private PredictionMetrics() {}

  /**
   * The line of a call that failed.
   *
   * @param code of the failure
   */
  static String failure(String function, long epochMillis, PredictionError code, boolean cold) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("failures", 1L);
    values.put("cold_starts", cold ? 1L : 0L);
    Map<String, Object> line = line(function, epochMillis, values);
    line.put("code", code.name());
    return Json.object(line);
  }

  /**
   * The line of a call that succeeded.
   *
   * @param function name of the function, the dimension of all metrics
   * @param epochMillis when it was
   * @param cold whether the call was the first of its process
   */
  static String line(
      String function, long epochMillis, PredictionResult result, double seconds, boolean cold) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("rows", result.rows());
    values.put("rows_per_second", seconds > 0 ? result.rows() / seconds : 0.0);
    values.put("bytes_in", result.bytesIn());
    values.put("failures", 0L);
    values.put("cold_starts", cold ? 1L : 0L);
    values.put("missing_values", result.missing());
    result.maxStabilityIndex().ifPresent(index -> values.put("stability_index_max", index));

    Map<String, Object> line = line(function, epochMillis, values);
    line.put("model_version", result.modelVersion());
    Map<String, Object> features = new LinkedHashMap<>();
    result.features().forEach(feature -> features.put(feature.name(), members(feature)));
    line.put("features", features);
    return Json.object(line);
  }

  private static Map<String, Object> line(
      String function, long epochMillis, Map<String, Object> values) {
    Map<String, Object> metrics = new LinkedHashMap<>();
    metrics.put("Namespace", NAMESPACE);
    metrics.put("Dimensions", List.of(List.of(FUNCTION)));
    metrics.put("Metrics", values.keySet().stream().map(PredictionMetrics::metric).toList());
    Map<String, Object> aws = new LinkedHashMap<>();
    aws.put("Timestamp", epochMillis);
    aws.put("CloudWatchMetrics", List.of(metrics));

    Map<String, Object> line = new LinkedHashMap<>();
    line.put("_aws", aws);
    line.put(FUNCTION, function);
    line.putAll(values);
    return line;
  }

  private static Map<String, String> metric(String name) {
    Map<String, String> metric = new LinkedHashMap<>();
    metric.put("Name", name);
    metric.put("Unit", unit(name));
    return metric;
  }

  private static String unit(String name) {
    return switch (name) {
      case "rows_per_second" -> "Count/Second";
      case "bytes_in" -> "Bytes";
      case "stability_index_max" -> "None";
      default -> "Count";
    };
  }

  private static Map<String, Object> members(FeatureSummary feature) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("values", feature.values());
    members.put("missing", feature.missing());
    if (feature.values() > 0) {
      members.put("min", feature.min());
      members.put("max", feature.max());
      members.put("mean", feature.mean());
    }
    feature.stabilityIndex().ifPresent(index -> members.put("stability_index", index));
    return members;
  }
}
