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
  /** Rows that are counted together: few enough to stay in the processor's nearest caches. */
  private static final int BLOCK = 256;

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

  /** Of the values of one feature in the block: their order, and how many edges are below. */
  private final long[] orders = new long[BLOCK];

  private final long[] edgesBelow = new long[BLOCK];

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
    int found = 0;
    double sum = 0;
    double least = minima[feature];
    double largest = maxima[feature];
    for (int i = from; i < to; i++) {
      double value = block[i];
      if (Double.isNaN(value)) {
        continue;
      }
      orders[found++] = order(value);
      sum += value;
      if (value < least) {
        least = value;
      }
      if (value > largest) {
        largest = value;
      }
    }
    values[feature] += found;
    missing[feature] += to - from - found;
    sums[feature] += sum;
    minima[feature] = least;
    maxima[feature] = largest;
    countBins(feature, found);
  }

  /**
   * Compares with every edge, and with several values in one instruction: a search for the bin
   * takes jumps that nobody can foresee, and three times as long.
   */
  private void countBins(int feature, int found) {
    Arrays.fill(edgesBelow, 0);
    for (double edge : edges[feature]) {
      countBelow(order(edge));
    }
    long[] counts = bins[feature];
    for (int i = 0; i < found; i++) {
      counts[(int) edgesBelow[i]]++;
    }
  }

  private void countBelow(long edge) {
    for (int i = 0; i < BLOCK; i++) {
      edgesBelow[i] += (edge - orders[i]) >>> 63; // 1 where the difference is negative
    }
  }

  /**
   * A number that is the larger the larger the value is. Neighbours that differ in the last bit
   * have one: without that bit no difference of two overflows.
   */
  private static long order(double value) {
    long bits = Double.doubleToRawLongBits(value + 0.0); // of -0.0 makes 0.0
    return (bits ^ ((bits >> 63) >>> 1)) >> 1;
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
