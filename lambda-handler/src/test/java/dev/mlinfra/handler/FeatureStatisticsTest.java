package dev.mlinfra.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FeatureStatisticsTest {
  private static final double[] EDGES = {-1e300, -2, -2, -0.5, 0, 1e-300, 0.5, 3, 1e300};
  private static final double[] ODD = {
    Double.NaN, -0.0, 0.0, -2, 0.5, 3, 1e300, -1e300, 1e305, -1e305, 1e-300
  };

  /** More and fewer rows than are counted together, and as many. */
  @ParameterizedTest
  @ValueSource(ints = {1, 255, 256, 257, 5000})
  void countsAsOneWouldByHand(int rows) {
    Random random = new Random(rows);
    double[] values =
        random
            .doubles(rows)
            .map(any -> any < 0.3 ? ODD[random.nextInt(ODD.length)] : random.nextGaussian() * 3)
            .toArray();
    Baseline baseline = baseline();
    FeatureStatistics one = new FeatureStatistics(2, Optional.of(baseline));
    FeatureStatistics other = new FeatureStatistics(2, Optional.of(baseline));
    for (double value : values) {
      FeatureStatistics next = random.nextBoolean() ? one : other;
      next.add(0, value);
      next.add(1, 7);
      next.endRow();
    }
    one.add(other);

    FeatureSummary summary = one.summaries(List.of("a", "b")).get(0);

    double[] known = Arrays.stream(values).filter(value -> !Double.isNaN(value)).toArray();
    assertThat(summary.values()).isEqualTo(known.length);
    assertThat(summary.missing()).isEqualTo(rows - known.length);
    assertThat(summary.min()).isEqualTo(Arrays.stream(known).min().orElseThrow());
    assertThat(summary.max()).isEqualTo(Arrays.stream(known).max().orElseThrow());
    double mean = Arrays.stream(known).sum() / known.length;
    assertThat(summary.mean()).isCloseTo(mean, within(1e296));
    assertThat(summary.stabilityIndex()).contains(baseline.stabilityIndex(0, binsByHand(known)));
    assertThat(one.summaries(List.of("a", "b")).get(1).mean()).isEqualTo(7);
  }

  private static long[] binsByHand(double[] values) {
    long[] bins = new long[EDGES.length + 1];
    for (double value : values) {
      bins[(int) Arrays.stream(EDGES).filter(edge -> value > edge).count()]++;
    }
    return bins;
  }

  private static Baseline baseline() {
    List<Double> edges = Arrays.stream(EDGES).boxed().toList();
    List<Double> shares = Collections.nCopies(EDGES.length + 1, 1.0 / (EDGES.length + 1));
    return new Baseline(List.of("a", "b"), List.of(edges, edges), List.of(shares, shares));
  }
}
