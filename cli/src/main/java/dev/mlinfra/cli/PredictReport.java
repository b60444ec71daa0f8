package dev.mlinfra.cli;

import dev.mlinfra.handler.FeatureSummary;
import dev.mlinfra.handler.PredictionResult;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What {@code mlinfra predict} says at the end. */
final class PredictReport {
  private PredictReport() {}

  static String text(PredictionResult result, String output, double seconds) {
    String line =
        String.format(
            Locale.ROOT,
            "%,d rows in %.2f s, %,.0f rows/s, written to %s",
            result.rows(),
            seconds,
            result.rows() / seconds,
            output);
    return result
        .maxStabilityIndex()
        .map(index -> line + String.format(Locale.ROOT, "; stability index at most %.2f", index))
        .orElse(line);
  }

  static String json(PredictionResult result, String output, double seconds) {
    ObjectNode report = JsonMapper.shared().createObjectNode();
    report.put("schema", "mlinfra/prediction/v1");
    report.put("rows", result.rows());
    report.put("seconds", Math.round(seconds * 1e3) / 1e3);
    report.put("rows_per_second", Math.round(result.rows() / seconds));
    report.put("bytes_in", result.bytesIn());
    report.put("bytes_out", result.bytesOut());
    report.put("output", output);
    report.put("model_version", result.modelVersion());
    ObjectNode features = report.putObject("features");
    for (FeatureSummary feature : result.features()) {
      ObjectNode members = features.putObject(feature.name());
      members.put("values", feature.values());
      members.put("missing", feature.missing());
      if (feature.values() > 0) {
        members.put("min", feature.min()).put("max", feature.max()).put("mean", feature.mean());
      }
      feature.stabilityIndex().ifPresent(index -> members.put("stability_index", index));
    }
    return report.toString();
  }
}
