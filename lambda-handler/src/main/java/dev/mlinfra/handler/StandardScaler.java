package dev.mlinfra.handler;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JacksonException;
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
    List<String> problems;
    try (JsonParser parser = Json.parser(json)) {
      fields.read(parser);
      problems = fields.problems();
    } catch (JacksonException | IllegalArgumentException e) {
      problems = List.of(e instanceof JacksonException j ? j.getOriginalMessage() : e.getMessage());
    }
    if (!problems.isEmpty()) {
      throw new PredictionException(
          PredictionError.SCALER_INVALID,
          name
              + ": "
              + String.join("; ", problems)
              + ". Write the scaler again with images/training/convert_pickle.py");
    }
    return new StandardScaler(fields.featureNames, fields.mean, fields.scale);
  }

  /** The file's fields while they are read. */
  private static final class Fields {
    private String format;
    private final List<String> featureNames = new ArrayList<>();
    private final List<Double> mean = new ArrayList<>();
    private final List<Double> scale = new ArrayList<>();

    void read(JsonParser parser) {
      require(parser.nextToken(), JsonToken.START_OBJECT, "the file");
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String field = parser.currentName();
        parser.nextToken();
        switch (field) {
          case "format" -> {
            require(parser.currentToken(), JsonToken.VALUE_STRING, field);
            format = parser.getString();
          }
          case "feature_names" -> {
            require(parser.currentToken(), JsonToken.START_ARRAY, field);
            while (parser.nextToken() != JsonToken.END_ARRAY) {
              require(parser.currentToken(), JsonToken.VALUE_STRING, "a name in " + field);
              featureNames.add(parser.getString());
            }
          }
          case "mean" -> readNumbers(parser, field, mean);
          case "scale" -> readNumbers(parser, field, scale);
          default -> parser.skipChildren();
        }
      }
      require(parser.nextToken(), null, "what follows the closing brace");
    }

    private static void readNumbers(JsonParser parser, String field, List<Double> into) {
      require(parser.currentToken(), JsonToken.START_ARRAY, field);
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        if (!parser.currentToken().isNumeric()) {
          throw new IllegalArgumentException(field + " must hold numbers only");
        }
        into.add(parser.getDoubleValue());
      }
    }

    private static void require(JsonToken given, JsonToken wanted, String what) {
      if (given != wanted) {
        throw new IllegalArgumentException(what + " is " + given + ", must be " + wanted);
      }
    }

    List<String> problems() {
      List<String> problems = new ArrayList<>();
      if (!FORMAT.equals(format)) {
        String given = format == null ? "missing" : "'" + Texts.shorten(format) + "'";
        problems.add("format is " + given + ", must be " + FORMAT);
      }
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
      return problems;
    }
  }
}
