package dev.mlinfra.handler;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Which CSV column holds which feature.
 *
 * @param indexes for each feature of the model, in the model's order, the number of its column
 */
record FeatureColumns(List<Integer> indexes) {
  private static final int MAX_NAMES_SHOWN = 20;

  FeatureColumns {
    indexes = List.copyOf(indexes);
  }

  /**
   * Finds the features in a CSV.
   *
   * <p>With a scaler they go by name, in any order, and other columns are only passed through.
   * Without one, nothing tells their names: the columns are the features, in their order.
   *
   * @param header the CSV's column names
   * @param featureNames the scaler's feature names, if there is a scaler
   * @param width how many features the model takes
   * @param added names of the columns that are added
   * @throws PredictionException {@code PREDICTION_COLUMN_EXISTS}, {@code MODEL_INPUT_MISMATCH},
   *     {@code FEATURES_MISSING} or {@code CSV_INVALID}
   */
  static FeatureColumns match(
      List<String> header, Optional<List<String>> featureNames, int width, List<String> added) {
    List<String> present =
        added.stream()
            .filter(header::contains)
            .map(name -> name + " already, number " + (header.indexOf(name) + 1))
            .toList();
    if (!present.isEmpty()) {
      throw new PredictionException(
          PredictionError.PREDICTION_COLUMN_EXISTS,
          "the data has a column named "
              + String.join(", and one named ", present)
              + ". Rename or remove it");
    }
    List<String> features = featureNames.orElse(header);
    if (features.size() != width) {
      throw new PredictionException(
          PredictionError.MODEL_INPUT_MISMATCH,
          "the model takes %d features, the %s %d. Use %s"
              .formatted(
                  width,
                  featureNames.isPresent() ? "scaler names" : "data has",
                  features.size(),
                  featureNames.isPresent()
                      ? "the scaler that the model was trained with"
                      : "data with exactly the model's columns, or a scaler that names them"));
    }
    Map<String, List<Integer>> columns = new HashMap<>();
    IntStream.range(0, header.size())
        .forEach(i -> columns.computeIfAbsent(header.get(i), name -> new ArrayList<>()).add(i));
    List<String> missing = features.stream().filter(name -> !columns.containsKey(name)).toList();
    if (!missing.isEmpty()) {
      throw new PredictionException(
          PredictionError.FEATURES_MISSING,
          "the data lacks "
              + String.join(", ", missing)
              + "; it has "
              + shown(header)
              + ". Name the columns as in training");
    }
    List<String> repeated =
        features.stream().distinct().filter(name -> columns.get(name).size() > 1).toList();
    if (!repeated.isEmpty()) {
      throw new PredictionException(
          PredictionError.CSV_INVALID,
          "data: line 1 has more than one column named "
              + String.join(", ", repeated)
              + ". Give each feature one column");
    }
    return new FeatureColumns(features.stream().map(name -> columns.get(name).get(0)).toList());
  }

  /** For each of so many columns the number of its feature, or -1. */
  int[] features(int columns) {
    int[] features = new int[columns];
    Arrays.fill(features, -1);
    for (int feature = 0; feature < indexes.size(); feature++) {
      features[indexes.get(feature)] = feature;
    }
    return features;
  }

  private static String shown(List<String> header) {
    String names = String.join(", ", header.stream().limit(MAX_NAMES_SHOWN).toList());
    int more = header.size() - MAX_NAMES_SHOWN;
    return more > 0 ? names + " and " + more + " more" : names;
  }
}
