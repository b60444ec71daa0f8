package dev.mlinfra.handler;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * scikit-learn's {@code StandardScaler} as data.
 *
 * <pre>{@code
 * {"format": "mlinfra/scaler/v1", "feature_names": ["age", ...], "mean": [48.5, ...],
 *  "scale": [13.1, ...]}
 * }</pre>
 *
 * <p>Other fields are ignored. A scaler without centring has means of 0, one without scaling has
 * scales of 1.
 *
 * @param featureNames names of the CSV's feature columns, in the model's order
 * @param mean what is subtracted, for each feature
 * @param scale what is divided by, for each feature; never 0
 */
record StandardScaler(List<String> featureNames, List<Double> mean, List<Double> scale) {
  private static final String FORMAT = "mlinfra/scaler/v1";

  StandardScaler {
    featureNames = List.copyOf(featureNames);
    mean = List.copyOf(mean);
    scale = List.copyOf(scale);
  }

  /**
   * Scales one value.
   *
   * <p>It divides, as scikit-learn does. Multiplying by the reciprocal, as ONNX's own Scaler does,
   * differs in the last bit, which is enough to take another branch in a tree.
   */
  static double apply(double value, double mean, double scale) {
    return (value - mean) / scale;
  }

  /**
   * Reads a scaler.
   *
   * @param json the file's content
   * @param name how messages name the file
   * @throws PredictionException {@code SCALER_INVALID} with all problems
   */
  static StandardScaler parse(byte[] json, String name) {
    Fields fields = new Fields();
    fields.read(
        json,
        name,
        PredictionError.SCALER_INVALID,
        "Write the scaler again with images/training/convert_pickle.py");
    return new StandardScaler(fields.featureNames, fields.mean, fields.scale);
  }

  /** The file's fields while they are read. */
  private static final class Fields extends ExportedFile {
    private final List<String> featureNames = new ArrayList<>();
    private List<Double> mean = List.of();
    private List<Double> scale = List.of();

    Fields() {
      super(FORMAT);
    }

    @Override
    void readField(JsonParser parser, String field) {
      switch (field) {
        case "feature_names" -> {
          require(parser.currentToken(), JsonToken.START_ARRAY, field);
          while (parser.nextToken() != JsonToken.END_ARRAY) {
            featureNames.add(text(parser, "a name in " + field));
          }
        }
        case "mean" -> mean = numbers(parser, field);
        case "scale" -> scale = numbers(parser, field);
        default -> parser.skipChildren();
      }
    }

    @Override
    void check(List<String> problems) {
      if (featureNames.isEmpty()) {
        problems.add("feature_names is missing or empty");
      }
      Set<String> seen = new HashSet<>();
      featureNames.stream()
          .filter(feature -> !seen.add(feature))
          .distinct()
          .forEach(feature -> problems.add("feature_names has '" + feature + "' twice"));
      if (mean.size() != featureNames.size() || scale.size() != featureNames.size()) {
        problems.add(
            "feature_names, mean and scale have %d, %d and %d entries, must have as many each"
                .formatted(featureNames.size(), mean.size(), scale.size()));
      }
      if (mean.stream().anyMatch(value -> !Double.isFinite(value))) {
        problems.add("mean has a value that is not finite");
      }
      if (scale.stream().anyMatch(value -> !Double.isFinite(value) || value == 0)) {
        problems.add("scale has a value that is 0 or not finite");
      }
    }
  }
}
