package dev.mlinfra.handler;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What one prediction did.
 *
 * @param rows predictions made, one for each data row
 * @param bytesIn bytes of CSV read
 * @param bytesOut bytes of CSV written
 * @param modelVersion ETag of the model
 * @param features what the data looked like, feature by feature
 */
public record PredictionResult(
    long rows, long bytesIn, long bytesOut, String modelVersion, List<FeatureSummary> features) {

  public PredictionResult {
    features = List.copyOf(features);
  }

  /** How many feature values are missing in all. */
  public long missing() {
    return features.stream().mapToLong(FeatureSummary::missing).sum();
  }

  /** The stability index of the feature that moved most; empty without a baseline. */
  public Optional<Double> maxStabilityIndex() {
    return features.stream()
        .flatMap(feature -> feature.stabilityIndex().stream())
        .max(Comparator.naturalOrder());
  }
}
