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
  /** Rows that are counted together: few enough to stay in the processor's nearest cache. */
  private static final int BLOCK = 64;

  private final Optional<Baseline> baseline;
  private final long[] values;
  private final long[] missing;
  private final double[] sums;
  private final double[] minima;
  private final double[] maxima;

  /** For each feature, how many values lie in each of the baseline's bins. */
  private final long[][] bins;

  private final double[][] edges;

  /** The rows that are noted and not yet counted: of each feature its values. */
  private final double[] block;

  private int rows;

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
    this.block = new double[width * BLOCK];
    this.bins = new long[width][];
    Arrays.setAll(bins, feature -> new long[edges[feature].length + 1]);
  }

  /** Notes one value of the row; NaN is a missing one. */
  void add(int feature, double value) {
    block[feature * BLOCK + rows] = value;
  }

  /** Counts the row whose values were noted. */
  void endRow() {
    rows++;
    if (rows == BLOCK) {
      countBlock();
    }
  }

  /** A feature at a time, so that what is counted of it stays in registers. */
  private void countBlock() {
    for (int feature = 0; feature < values.length; feature++) {
      count(feature, feature * BLOCK, feature * BLOCK + rows);
    }
    rows = 0;
  }

  private void count(int feature, int from, int to) {
    double[] known = edges[feature];
    long[] counts = bins[feature];
    int gaps = 0;
    double sum = 0;
    double least = minima[feature];
    double largest = maxima[feature];
    for (int i = from; i < to; i++) {
      double value = block[i];
      if (Double.isNaN(value)) {
        gaps++;
        continue;
      }
      sum += value;
      if (value < least) {
        least = value;
      }
      if (value > largest) {
        largest = value;
      }
      // A value above an edge leaves a negative difference, whose sign counts: a comparison would
      // jump, and nobody can foresee where to.
      int bin = 0;
      for (double edge : known) {
        bin += (int) (Double.doubleToRawLongBits(edge - value) >>> 63);
      }
      counts[bin]++;
    }
    values[feature] += to - from - gaps;
    missing[feature] += gaps;
    sums[feature] += sum;
    minima[feature] = least;
    maxima[feature] = largest;
  }

  /** Adds what another one counted. */
  void add(FeatureStatistics other) {
    other.countBlock();
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
    countBlock();
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
