package dev.mlinfra.handler;

import dev.mlinfra.benchmarks.Benchmarks;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * What counting the features costs of parsing, scaling and predicting with a linear model, in
 * processor time of one thread, with and without it in turns. In this package because nothing else
 * can leave it out. Ends with an error when it costs 10 % or more.
 */
public final class StatisticsBenchmark {
  private static final int ROWS = 100_000;
  private static final int COLUMNS = 10;
  private static final int ROUNDS = 41;
  private static final double MAX_COST = 0.10;

  private StatisticsBenchmark() {}

  /** Runs it. */
  public static void main(String[] arguments) {
    List<String> names = IntStream.range(0, COLUMNS).mapToObj(i -> "c" + i).toList();
    Optional<Baseline> baseline =
        Optional.of(
            new Baseline(
                names,
                Collections.nCopies(
                    COLUMNS, List.of(-1.28, -0.84, -0.52, -0.25, 0.0, 0.25, 0.52, 0.84, 1.28)),
                Collections.nCopies(COLUMNS, Collections.nCopies(10, 0.1))));
    byte[] rows = rows();
    ChunkPredictor on = chunk(names, new FeatureStatistics(COLUMNS, baseline), rows);
    ChunkPredictor off = chunk(names, new Nothing(), rows);
    List<Double> seconds = new ArrayList<>();
    List<Double> costs = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      double with = seconds(on);
      double without = seconds(off);
      if (round >= ROUNDS / 4) { // what comes before warms up
        seconds.add(with);
        costs.add(1 - without / with);
      }
    }
    double cost = Benchmarks.median(costs);
    System.out.printf(
        Locale.ROOT,
        "statistics: %.1f %% of the throughput of one thread, %,.0f rows/s with them (budget %.0f"
            + " %%)%s%n",
        cost * 100,
        ROWS / Benchmarks.median(seconds),
        MAX_COST * 100,
        cost < MAX_COST ? "" : "  OVER BUDGET");
    System.exit(cost < MAX_COST ? 0 : 1);
  }

  /** Counts nothing. */
  private static final class Nothing extends FeatureStatistics {
    Nothing() {
      super(COLUMNS, Optional.empty());
    }

    @Override
    void add(int feature, double value) {
      // is what the benchmark leaves out
    }

    @Override
    void endRow() {
      // neither
    }
  }

  private static ChunkPredictor chunk(
      List<String> names, FeatureStatistics statistics, byte[] rows) {
    String json =
        "{\"format\":\"mlinfra/linear/v1\",\"coefficients\":[%s],\"intercepts\":[1]}"
            .formatted(Collections.nCopies(COLUMNS, 0.5));
    Predictor predictor =
        Model.load(json.getBytes(StandardCharsets.UTF_8), "model").predictor(List.of());
    StandardScaler scaler =
        new StandardScaler(
            names, Collections.nCopies(COLUMNS, 0.1), Collections.nCopies(COLUMNS, 1.1));
    RowReader reader =
        new RowReader(
            names,
            new FeatureColumns(IntStream.range(0, COLUMNS).boxed().toList()),
            Optional.of(scaler),
            MissingValues.FAIL,
            predictor,
            statistics);
    Chunk chunk = new Chunk(rows.length);
    chunk.append(rows, 0, rows.length);
    return new ChunkPredictor(reader, predictor, chunk);
  }

  private static byte[] rows() {
    Random random = new Random(7);
    StringBuilder rows = new StringBuilder();
    for (int row = 0; row < ROWS; row++) {
      for (int column = 0; column < COLUMNS; column++) {
        rows.append(column == 0 ? "" : ",").append(Math.round(random.nextGaussian() * 1e6) / 1e6);
      }
      rows.append('\n');
    }
    return rows.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static double seconds(ChunkPredictor chunk) {
    long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    chunk.run();
    return (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start) / 1e9;
  }
}
