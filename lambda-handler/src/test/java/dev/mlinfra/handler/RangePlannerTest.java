package dev.mlinfra.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Ranges end where records do: what is predicted for them, put together, is what the whole gives.
 */
class RangePlannerTest {
  private static final ObjectRef DATA = MemoryObjectStore.ref("datasets/d.csv");
  private static final int RUNS_PER_SEED = 40;

  private final MemoryObjectStore store =
      new MemoryObjectStore()
          .with("models/sum.onnx", TestFiles.bytes("sum.onnx"))
          .with("models/scaler.json", TestFiles.SUM_SCALER);
  private final PredictorCache models =
      new PredictorCache(store, HandlerSettings.DEFAULT_MAX_MODEL_BYTES, 1);

  @AfterEach
  void close() {
    models.close();
  }

  @Test
  void aRangeHasTheSizeAskedForAndEndsWithARow() {
    assertThat(divide("a,b\n1,2\n3,4\n5,6\n", 4, 8))
        .extracting(DataRange::start, DataRange::end, DataRange::lines)
        .containsExactly(tuple(0L, 8L, 0L), tuple(8L, 16L, 2L));
  }

  @Test
  void onlyLaterRangesAreGivenTheHeader() {
    assertThat(divide("\n\"a\",b\n1,2\n3,4\n", 4, 4))
        .extracting(DataRange::header)
        .containsExactly(Optional.empty(), Optional.of("\"a\",b"));
  }

  @Test
  void aLineEndWithinQuotesEndsNothing() {
    assertThat(divide("a,b,c\n1,2,\"x\ny\r\nz\"\n3,4,\n", 4, 1))
        .extracting(DataRange::start)
        .containsExactly(0L, 6L, 19L);
  }

  @Test
  void whatIsSmallIsOneRange() {
    assertThat(divide("a,b\n1,2\n", 1 << 10, 1 << 20)).hasSize(1);
  }

  @Test
  void withoutAHeaderThereIsNothingToDivide() {
    assertThatThrownBy(() -> divide("\n\n", 4, 4)).hasMessageContaining("CSV_INVALID");
    assertThatThrownBy(() -> divide("", 4, 4)).hasMessageContaining("the file is empty");
  }

  @Test
  void stopsBeforeTheTimeIsOver() {
    store.with("datasets/d.csv", "a,b\n1,2\n");
    assertThatThrownBy(
            () -> new RangePlanner().divide(store, DATA, store.info(DATA).get(), 10, () -> 2_000))
        .hasMessageContaining("TIMEOUT_NEAR");
  }

  @Test
  void rangesOfAnObjectThatWasReplacedAreRefused() {
    List<DataRange> ranges = divide("a,b\n1,2\n3,4\n", 4, 4);
    store.with("datasets/d.csv", "a,b\n9,2\n3,4\n");
    assertThatThrownBy(() -> predict(Optional.of(ranges.get(1)), 64))
        .hasMessageContaining("INPUT_CHANGED")
        .hasMessageContaining("Start the run again");
  }

  @Test
  void faultsNameTheLineOfTheWholeFile() {
    List<DataRange> ranges = divide("a,b\n1,2\n\n3,4\n5,x\n", 4, 4);
    assertThatThrownBy(() -> predict(Optional.of(ranges.get(ranges.size() - 1)), 64))
        .hasMessageContaining("VALUE_NOT_NUMERIC")
        .hasMessageContaining("line 5");
  }

  static LongStream seeds() {
    return LongStream.range(0, 25);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void theOutputsOfAnyDivisionAreThatOfTheWhole(long seed) {
    Random random = new Random(seed);
    for (int run = 0; run < RUNS_PER_SEED; run++) {
      String csv = csv(random);
      int planChunk = 1 + random.nextInt(200);
      long rangeBytes = 1L + random.nextInt(300);
      List<DataRange> ranges = divide(csv, planChunk, rangeBytes);
      String whole = predict(Optional.empty(), 1 + random.nextInt(200));
      StringBuilder parts = new StringBuilder();
      for (DataRange range : ranges) {
        parts.append(predict(Optional.of(range), 1 + random.nextInt(200)));
      }

      assertThat(parts).as("seed %d, run %d: %s", seed, run, csv).hasToString(whole);
      long size = store.info(DATA).orElseThrow().size();
      assertThat(ranges.get(ranges.size() - 1).end()).isEqualTo(size);
      for (int i = 1; i < ranges.size(); i++) {
        assertThat(ranges.get(i).start()).isEqualTo(ranges.get(i - 1).end());
        assertThat(ranges.get(i - 1).end() - ranges.get(i - 1).start())
            .isGreaterThanOrEqualTo(rangeBytes);
      }
    }
  }

  private List<DataRange> divide(String csv, int chunkBytes, long rangeBytes) {
    store.with("datasets/d.csv", csv);
    return new RangePlanner(chunkBytes)
        .divide(store, DATA, store.info(DATA).orElseThrow(), rangeBytes, Deadline.NONE);
  }

  private String predict(Optional<DataRange> range, int chunkBytes) {
    PredictionRequest request =
        new PredictionRequest(
            MemoryObjectStore.ref("models/sum.onnx"),
            Optional.of(MemoryObjectStore.ref("models/scaler.json")),
            Optional.empty(),
            DATA,
            MemoryObjectStore.ref("results/d.csv"));
    new PredictionJob(store, models, MissingValues.FAIL, 2, chunkBytes)
        .run(request, range, Deadline.NONE);
    return store.text("results/d.csv");
  }

  /** Rows with every kind of line end, with empty lines, quotes, and line ends within quotes. */
  private static String csv(Random random) {
    List<String> lines = new ArrayList<>();
    int rows = random.nextInt(40);
    boolean quotes = random.nextBoolean();
    lines.add(quotes ? "\"a\",\"te\"\"xt\nof two lines\",b" : "a,text,b");
    for (int i = 0; i < rows; i++) {
      lines.add(number(random, quotes) + "," + text(random, quotes) + "," + number(random, quotes));
    }
    StringBuilder csv = new StringBuilder(random.nextInt(4) == 0 ? "\uFEFF" : "");
    for (int i = 0; i < lines.size(); i++) {
      while (random.nextInt(8) == 0) {
        csv.append(lineEnd(random));
      }
      csv.append(lines.get(i));
      if (i < lines.size() - 1 || random.nextBoolean()) {
        csv.append(lineEnd(random));
      }
    }
    return csv.toString();
  }

  private static String number(Random random, boolean quotes) {
    String number = Integer.toString(random.nextInt(2_000) - 1_000);
    return quotes && random.nextInt(5) == 0 ? "\"" + number + "\"" : number;
  }

  private static String text(Random random, boolean quotes) {
    String plain = List.of("", "x", "5\" pipe", "é€😀", "\uFEFF", " ").get(random.nextInt(6));
    String quoted =
        List.of("\"\"", "\"a,b\"", "\"\n\"", "\"x\r\ny\"", "\"\"\"\"", "\"\"\"\n\"\"\"", "\"\r\"")
            .get(random.nextInt(7));
    return quotes && random.nextBoolean() ? quoted : plain;
  }

  private static String lineEnd(Random random) {
    return List.of("\n", "\n", "\r\n", "\r").get(random.nextInt(4));
  }
}
