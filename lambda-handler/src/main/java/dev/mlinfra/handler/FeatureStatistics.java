package dev.mlinfra.handler;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What the features of some rows look like, as they stand in the data, not scaled: counted in
 * passing. Used by one thread at a time; those of several threads are added up.
 *
 * <p>Not final, so that a benchmark can leave it out.
 */
class FeatureStatistics {
  private final Optional<Baseline> baseline;
  private final long[] values;
  private final long[] missing;
  private final double[] sums;
  private final double[] minima;
  private final double[] maxima;

  /** For each feature, how many values lie in each of the baseline's bins. */
  private final long[][] bins;

  private final double[][] edges;

  /**
   * Begins to count.
   *
   * @param width how many features there are
   * @param baseline what the model was trained on, with as many features; without it nothing is
   *     said about drift
   */
  FeatureStatistics(int width, Optional<Baseline> baseline) {
    this.baseline = baseline;
    this.values = new long[width];
    this.missing = new long[width];
    this.sums = new double[width];
    this.minima = new double[width];
    this.maxima = new double[width];
    Arrays.fill(minima, Double.POSITIVE_INFINITY);
    Arrays.fill(maxima, Double.NEGATIVE_INFINITY);
    this.edges = baseline.map(Baseline::edges).orElseGet(() -> new double[width][0]);
    this.bins = new long[width][];
    Arrays.setAll(bins, feature -> new long[edges[feature].length + 1]);
  }

  /** Counts one value; NaN is a missing one. */
  void add(int feature, double value) {
    if (Double.isNaN(value)) {
      missing[feature]++;
      return;
    }
    values[feature]++;
    sums[feature] += value;
    minima[feature] = Math.min(minima[feature], value);
    maxima[feature] = Math.max(maxima[feature], value);
    // Compared with all edges, for there are few: a search would be slower, its jumps are
    // unforeseen.
    int bin = 0;
    for (double edge : edges[feature]) {
      bin += value > edge ? 1 : 0;
    }
    bins[feature][bin]++;
  }

  /** Adds what another one counted. */
  void add(FeatureStatistics other) {
    for (int feature = 0; feature < values.length; feature++) {
      values[feature] += other.values[feature];
      missing[feature] += other.missing[feature];
      sums[feature] += other.sums[feature];
      minima[feature] = Math.min(minima[feature], other.minima[feature]);
      maxima[feature] = Math.max(maxima[feature], other.maxima[feature]);
      for (int bin = 0; bin < bins[feature].length; bin++) {
        bins[feature][bin] += other.bins[feature][bin];
      }
    }
  }

  /** What was counted, by feature. */
  List<FeatureSummary> summaries(List<String> names) {
    return IntStream.range(0, values.length)
        .mapToObj(
            feature ->
                new FeatureSummary(
                    names.get(feature),
                    values[feature],
                    missing[feature],
                    minima[feature],
                    maxima[feature],
                    sums[feature] / values[feature],
                    baseline
                        .filter(known -> values[feature] > 0)
                        .map(known -> known.stabilityIndex(feature, bins[feature]))))
        .toList();
  }
}
