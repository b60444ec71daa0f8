package dev.mlinfra.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The job with models that add two numbers: what it accepts, and each way in which it fails. */
class PredictionJobTest {
  private final MemoryObjectStore store =
      new MemoryObjectStore()
          .with("model", TestFiles.bytes("sum.onnx"))
          .with("scaler", TestFiles.SUM_SCALER);
  private MissingValues missingValues = MissingValues.FAIL;
  private Deadline deadline = Deadline.NONE;
  private int workers = 2;
  private int chunkBytes = PredictionJob.CHUNK_BYTES;
  private long maxModelBytes = 1 << 20;

  // What it accepts

  @Test
  void addsAColumn() {
    assertThat(predict("a,b\n1,2\n-1.5e1,0.5\n"))
        .isEqualTo("a,b,prediction\n1,2,3.0\n-1.5e1,0.5,-14.5\n");
  }

  @Test
  void keepsQuotedCellsWithCommasQuotesAndLineEnds() {
    assertThat(predict("n,a,b\n\"x,\"\"y\"\"\r\nz\",1,2\n"))
        .isEqualTo("n,a,b,prediction\n\"x,\"\"y\"\"\r\nz\",1,2,3.0\n");
  }

  @Test
  void readsCarriageReturnsAndWritesLineFeeds() {
    assertThat(predict("a,b\r\n1,2\r\n3,4")).isEqualTo("a,b,prediction\n1,2,3.0\n3,4,7.0\n");
  }

  @Test
  void dropsAByteOrderMarkAlsoBeforeAQuote() {
    assertThat(predict("\uFEFFa,b\n1,2\n")).isEqualTo("a,b,prediction\n1,2,3.0\n");
    assertThat(predict("\uFEFF\"a\",b\n1,2\n")).isEqualTo("\"a\",b,prediction\n1,2,3.0\n");
  }

  @Test
  void skipsEmptyLines() {
    assertThat(predict("a,b\n\n1,2\n\n")).isEqualTo("a,b,prediction\n1,2,3.0\n");
  }

  @Test
  void makesNoPredictionsFromAHeaderAlone() {
    assertThat(predict("a,b\n")).isEqualTo("a,b,prediction\n");
  }

  @Test
  void readsNumbersWithBlanksAroundThemAndKeepsTheBlanks() {
    assertThat(predict("a,b\n 1,2 \n")).isEqualTo("a,b,prediction\n 1,2 ,3.0\n");
  }

  @Test
  void allowsOtherColumnsToShareAName() {
    assertThat(predict("x,a,x,b\n7,1,,2\n")).isEqualTo("x,a,x,b,prediction\n7,1,,2,3.0\n");
  }

  @Test
  void scalesByName() {
    store.with("scaler", TestFiles.SUM_SCALER.replace("[0,0]", "[1,10]").replace("[1,1]", "[2,4]"));
    assertThat(predict("b,a\n18,5\n")).isEqualTo("b,a,prediction\n18,5,4.0\n");
  }

  @Test
  void takesTheColumnsInOrderWithoutAScaler() {
    assertThat(predictWithoutScaler("q,p\n1,2\n")).isEqualTo("q,p,prediction\n1,2,3.0\n");
  }

  @Test
  void predictsInSeveralBatches() {
    int rows = 20_000;
    String data =
        "a,b\n" + IntStream.range(0, rows).mapToObj(i -> i + ",1\n").collect(Collectors.joining());
    String expected =
        "a,b,prediction\n"
            + IntStream.range(0, rows)
                .mapToObj(i -> i + ",1," + (i + 1.0) + "\n")
                .collect(Collectors.joining());
    assertThat(predict(data)).isEqualTo(expected);
  }

  @Test
  void printsTheShortestNumberThatReadsBackTheSame() {
    // 0.1 + 0.2 in double; 1e23 is where Double.toString of JDK 17 is longer than needed
    assertThat(predict("a,b\n0.1,0.2\n1e23,0\n"))
        .isEqualTo("a,b,prediction\n0.1,0.2,0.30000000000000004\n1e23,0,1.0E23\n");
  }

  @Test
  void printsFloatsAsFloats() {
    store.with("model", TestFiles.bytes("sum-float.onnx"));
    assertThat(predict("a,b\n0.1,0\n")).isEqualTo("a,b,prediction\n0.1,0,0.1\n");
  }

  @Test
  void handsNanToTheModelIfAllowed() {
    missingValues = MissingValues.NAN;
    assertThat(predict("a,b\n,2\nNA,1\n1,1\n"))
        .isEqualTo("a,b,prediction\n,2,NaN\nNA,1,NaN\n1,1,2.0\n");
  }

  @Test
  void boundsABatchByItsTextToo() {
    String longCell = "x".repeat(1 << 20);
    String data = "a,b,n\n" + ("1,2," + longCell + "\n").repeat(10);
    assertThat(predict(data))
        .isEqualTo("a,b,n,prediction\n" + ("1,2," + longCell + ",3.0\n").repeat(10));
  }

  @Test
  void keepsTheOrderOfTheRowsInSmallChunks() {
    chunkBytes = 16;
    workers = 3;
    predictsInSeveralBatches();
  }

  // Each way in which it fails

  @Test
  void namesTheFirstWrongLineWhateverTheChunk() {
    chunkBytes = 8;
    workers = 3;
    assertThat(failure("a,b\n\n1,\"2\"\r\n" + "1,2\n".repeat(50) + "1,x\n1,\n"))
        .hasMessageContainingAll("VALUE_NOT_NUMERIC", "line 54,");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n\n", "\uFEFF"})
  void needsAHeader(String data) {
    assertThat(failure(data)).hasMessageContainingAll("CSV_INVALID", "empty", "header");
  }

  @ParameterizedTest
  @CsvSource({"'a,b\n1,2\n1\n', 3, 1", "'a,b\n\"1\n\",2,3\n', 2, 3"})
  void refusesRaggedRows(String data, int line, int cells) {
    assertThat(failure(data))
        .hasMessageContaining(
            "CSV_INVALID: data: line %d has %d cells, the header has 2", line, cells);
  }

  @Test
  void refusesAnOpenQuote() {
    assertThat(failure("a,b\n1,\"2\n")).hasMessageContainingAll("CSV_INVALID", "2");
  }

  @Test
  void refusesTextAfterAClosingQuote() {
    assertThat(failure("a,b\n1,\"2\"3\n")).hasMessageContainingAll("CSV_INVALID", "line 2");
  }

  @Test
  void refusesWhatIsNotUtf8() {
    store.with("data", "n,a,b\nK\u00f6ln,1,2\n".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(failure()).hasMessageContainingAll("CSV_INVALID", "UTF-8");
  }

  @Test
  void refusesAFeatureThatIsThereTwice() {
    assertThat(failure("a,b,a\n1,2,3\n")).hasMessageContainingAll("CSV_INVALID", "line 1", "a");
  }

  @Test
  void refusesAPredictionColumn() {
    assertThat(failure("a,b,prediction\n1,2,3\n"))
        .hasMessageContainingAll("PREDICTION_COLUMN_EXISTS", "number 3", "Rename");
  }

  @Test
  void namesAllMissingFeatures() {
    assertThat(failure("x,y\n1,2\n"))
        .hasMessageContaining("FEATURES_MISSING: the data lacks a, b; it has x, y");
  }

  @ParameterizedTest
  @ValueSource(strings = {"one", "1d", "0x1p3", "Infinity", "1 2", "1_0", "--1", "1e", "١"})
  void refusesWhatIsNoDecimalNumber(String cell) {
    assertThat(failure("a,b\n1,2\n3," + cell + "\n"))
        .hasMessageContainingAll(
            "VALUE_NOT_NUMERIC", "line 3", "column b", "must be a decimal number");
  }

  /** Messages reach logs and queues, where data does not belong. */
  @Test
  void namesThePlaceAndNeverTheValue() {
    assertThat(failure("a,b\n1,secret\n"))
        .hasMessageContainingAll("line 2", "column b")
        .message()
        .doesNotContain("secret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "NaN", "nan", "NA", "null", "None"})
  void refusesMissingValues(String cell) {
    assertThat(failure("a,b\n" + cell + ",2\n"))
        .hasMessageContainingAll("VALUE_MISSING", "line 2", "column a", "MLINFRA_MISSING_VALUES");
  }

  @Test
  void refusesValuesBeyondTheModelsType() {
    assertThat(failure("a,b\n1e999,2\n"))
        .hasMessageContainingAll("VALUE_OUT_OF_RANGE", "line 2", "column a");
    assertThat(predict("a,b\n1e39,2\n")).contains("1e39,2,1.0E39");
    store.with("model", TestFiles.bytes("sum-float.onnx"));
    assertThat(failure("a,b\n1e39,2\n")).hasMessageContainingAll("VALUE_OUT_OF_RANGE", "line 2");
  }

  @Test
  void saysThatThereIsNoModel() {
    PredictionException e = failure("a,b\n1,2\n", MemoryObjectStore.ref("other"), Optional.empty());
    assertThat(e).hasMessageContaining("MODEL_NOT_FOUND: there is no model b/other");
  }

  @Test
  void saysThatThereAreNoData() {
    assertThat(failure()).hasMessageContaining("OBJECT_NOT_FOUND");
  }

  @Test
  void refusesModelsBeyondTheLimit() {
    maxModelBytes = 100;
    assertThat(failure("a,b\n1,2\n"))
        .hasMessageContainingAll("MODEL_TOO_LARGE", "allowed are 100", "MLINFRA_MAX_MODEL_MB");
  }

  @ParameterizedTest
  @ValueSource(strings = {"custom-operator.onnx", "fails-when-run.onnx", "diabetes.csv"})
  void refusesModelsThatDoNotWork(String file) {
    store.with("model", TestFiles.bytes(file));
    assertThat(failure("a,b\n1,2\n")).hasMessageContaining("MODEL_INVALID");
  }

  @Test
  void refusesAnEmptyModel() {
    store.with("model", "");
    assertThat(failure("a,b\n1,2\n")).hasMessageContaining("MODEL_INVALID");
  }

  @ParameterizedTest
  @ValueSource(strings = {"external-data.onnx", "external-constant.onnx"})
  void refusesModelsWithExternalData(String file) {
    store.with("model", TestFiles.bytes(file));
    assertThat(failure("a,b\n1,2\n"))
        .hasMessageContainingAll("MODEL_EXTERNAL_DATA", "b/model", "save_as_external_data");
  }

  @ParameterizedTest
  @CsvSource({
    "fixed-rows.onnx, '[1, 2]'",
    "unknown-width.onnx, '[-1, -1]'",
    "integer-input.onnx, INT64",
    "two-inputs.onnx, 2 inputs"
  })
  void refusesModelsWithAnotherInput(String file, String given) {
    store.with("model", TestFiles.bytes(file));
    assertThat(failure("a,b\n1,2\n"))
        .hasMessageContainingAll("MODEL_INPUT_MISMATCH", given, "initial_types");
  }

  @Test
  void refusesAnotherNumberOfFeatures() {
    store.with("model", TestFiles.bytes("diabetes-linear.onnx"));
    assertThat(failure("a,b\n1,2\n"))
        .hasMessageContaining(
            "MODEL_INPUT_MISMATCH: the model takes 10 features, the scaler names 2");
    store.with("data", "a,b,c\n1,2,3\n");
    assertThat(failure("a,b,c\n1,2,3\n", MemoryObjectStore.ref("model"), Optional.empty()))
        .hasMessageContaining("the model takes 10 features, the data has 3");
  }

  @ParameterizedTest
  @CsvSource({"boolean-output.onnx, BOOL", "sequence-output.onnx, Sequence"})
  void refusesModelsWithAnotherOutput(String file, String given) {
    store.with("model", TestFiles.bytes(file));
    assertThat(failure("a,b\n1,2\n"))
        .hasMessageContainingAll("MODEL_OUTPUT_UNSUPPORTED", given, "zipmap");
  }

  @Test
  void refusesModelsWithSeveralTargets() {
    store.with("model", TestFiles.bytes("two-targets.onnx"));
    String header = "a,b,c,d,e,f,g,h,i,j";
    assertThat(
            failure(
                header + "\n1,2,3,4,5,6,7,8,9,10\n",
                MemoryObjectStore.ref("model"),
                Optional.empty()))
        .hasMessageContainingAll("MODEL_OUTPUT_UNSUPPORTED", "2 values for each row", "outputs");
  }

  @Test
  void refusesABrokenScaler() {
    store.with("scaler", "{}");
    assertThat(failure("a,b\n1,2\n"))
        .hasMessageContainingAll("SCALER_INVALID", "b/scaler", "mlinfra/scaler/v1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"m.pkl", "m.PICKLE", "dir/m.joblib"})
  void refusesPicklesByName(String key) {
    assertThat(failure("a,b\n1,2\n", MemoryObjectStore.ref(key), Optional.empty()))
        .hasMessageContainingAll(
            "PICKLE_REFUSED", key, "runs its code", "images/training/convert_pickle.py");
    assertThat(
            failure(
                "a,b\n1,2\n",
                MemoryObjectStore.ref("model"),
                Optional.of(MemoryObjectStore.ref(key))))
        .hasMessageContaining("PICKLE_REFUSED");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "80049500",
        "789c0102",
        "1f8b0800",
        "425a6839",
        "fd377a585a",
        "5d000080",
        "04224d18"
      })
  void refusesPicklesByContent(String hex) {
    byte[] pickle = HexFormat.of().parseHex(hex);
    store.with("model", pickle);
    assertThat(failure("a,b\n1,2\n")).hasMessageContainingAll("PICKLE_REFUSED", "b/model");
    store.with("model", TestFiles.bytes("sum.onnx")).with("scaler", pickle);
    assertThat(failure("a,b\n1,2\n")).hasMessageContainingAll("PICKLE_REFUSED", "b/scaler");
  }

  @Test
  void stopsBeforeTheTimeIsOver() {
    deadline = () -> 2_999;
    assertThat(failure("a,b\n1,2\n")).hasMessageContainingAll("TIMEOUT_NEAR", "2999 ms", "timeout");
    deadline = () -> 3_001;
    assertThat(predict("a,b\n1,2\n")).endsWith("3.0\n");
  }

  /** A connection that is open and silent would hold the call until it is killed. */
  @Test
  void stopsBeforeTheTimeIsOverAlsoWhenTheStoreIsSilent() {
    CountDownLatch never = new CountDownLatch(1);
    ObjectStore silent =
        new ForwardingObjectStore(store) {
          @Override
          public InputStream open(ObjectRef object, Info info) {
            InputStream in = super.open(object, info);
            return object.key().equals("data") ? new SilentStream(in, never) : in;
          }
        };
    long start = System.nanoTime();
    deadline = () -> 3_500 - (System.nanoTime() - start) / 1_000_000;
    chunkBytes = 16;
    store.with("data", "a,b\n" + "1,2\n".repeat(40));
    PredictionException e =
        catchThrowableOfType(
            PredictionException.class,
            () ->
                run(
                    silent,
                    MemoryObjectStore.ref("model"),
                    Optional.of(MemoryObjectStore.ref("scaler"))));
    assertThat(e)
        .hasMessageContaining("TIMEOUT_NEAR")
        .hasMessageMatching(".*after [1-9]\\d* rows.*");
    assertThat(deadline.remainingMillis()).as("time to answer").isGreaterThan(1_000);
    assertThat(store.has("output")).isFalse();
    never.countDown();
  }

  /** Gives what there is, then nothing, not even the end. */
  private static final class SilentStream extends FilterInputStream {
    private final CountDownLatch never;

    SilentStream(InputStream in, CountDownLatch never) {
      super(in);
      this.never = never;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      int read = in.read(bytes, from, length);
      try {
        if (read < 0) {
          never.await();
        }
      } catch (InterruptedException e) {
        throw new InterruptedIOException();
      }
      return read;
    }
  }

  @Test
  void saysThatReadingBrokeOff() {
    ObjectStore breaking =
        new ForwardingObjectStore(store) {
          @Override
          public InputStream open(ObjectRef object, Info info) {
            InputStream in = super.open(object, info);
            return object.key().equals("data") ? new BreakingStream(in) : in;
          }
        };
    store.with("data", "a,b\n1,2\n");
    PredictionException e =
        catchThrowableOfType(
            PredictionException.class,
            () ->
                run(
                    breaking,
                    MemoryObjectStore.ref("model"),
                    Optional.of(MemoryObjectStore.ref("scaler"))));
    assertThat(e).hasMessageContainingAll("STORE_FAILED", "connection reset");
    assertThat(store.has("output")).isFalse();
  }

  /** Gives what there is, then breaks instead of ending. */
  private static final class BreakingStream extends FilterInputStream {
    BreakingStream(InputStream in) {
      super(in);
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      int read = in.read(bytes, from, length);
      if (read < 0) {
        throw new IOException("connection reset");
      }
      return read;
    }
  }

  private String predict(String data) {
    store.with("data", data);
    run(store, MemoryObjectStore.ref("model"), Optional.of(MemoryObjectStore.ref("scaler")));
    return store.text("output");
  }

  private String predictWithoutScaler(String data) {
    store.with("data", data);
    run(store, MemoryObjectStore.ref("model"), Optional.empty());
    return store.text("output");
  }

  private PredictionException failure(String data) {
    store.with("data", data);
    return failure();
  }

  private PredictionException failure() {
    return failure(MemoryObjectStore.ref("model"), Optional.of(MemoryObjectStore.ref("scaler")));
  }

  private PredictionException failure(String data, ObjectRef model, Optional<ObjectRef> scaler) {
    store.with("data", data);
    return failure(model, scaler);
  }

  private PredictionException failure(ObjectRef model, Optional<ObjectRef> scaler) {
    store.remove("output");
    PredictionException e =
        catchThrowableOfType(PredictionException.class, () -> run(store, model, scaler));
    assertThat(e).isNotNull();
    assertThat(e.getMessage()).startsWith(e.code().name() + ": ");
    assertThat(store.has("output")).as("no output").isFalse();
    return e;
  }

  private PredictionResult run(ObjectStore objects, ObjectRef model, Optional<ObjectRef> scaler) {
    try (PredictorCache models = new PredictorCache(objects, maxModelBytes, 1)) {
      return new PredictionJob(objects, models, missingValues, workers, chunkBytes)
          .run(
              new PredictionRequest(
                  model,
                  scaler,
                  Optional.empty(),
                  MemoryObjectStore.ref("data"),
                  MemoryObjectStore.ref("output")),
              deadline);
    }
  }
}
