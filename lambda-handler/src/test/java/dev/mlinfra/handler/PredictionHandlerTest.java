package dev.mlinfra.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the function answers, throws and logs. */
class PredictionHandlerTest {

  private final MemoryObjectStore store =
      new MemoryObjectStore()
          .with("models/sum.onnx", TestFiles.bytes("sum.onnx"))
          .with("models/scaler.json", TestFiles.SUM_SCALER)
          .with("datasets/d.csv", "a,b\n1,2\n3,4\n");
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();
  private final Map<String, String> environment =
      new HashMap<>(Map.of("MLINFRA_ALLOWED_BUCKETS", "b, other"));
  private final Map<String, Object> event =
      new HashMap<>(
          Map.of(
              "model_bucket", "b",
              "model_key", "models/sum.onnx",
              "scaler_key", "models/scaler.json",
              "data_bucket", "b",
              "data_key", "datasets/d.csv",
              "output_key", "results/d.csv"));

  @Test
  void answersAsThePythonHandlerDid() {
    assertThat(call())
        .isEqualTo(
            Map.of(
                "statusCode",
                200,
                "body",
                "{\"message\":\"Predictions complete\",\"num_predictions\":2,"
                    + "\"output_key\":\"results/d.csv\"}"));
    assertThat(store.text("results/d.csv")).isEqualTo("a,b,prediction\n1,2,3.0\n3,4,7.0\n");
  }

  @Test
  void worksWithoutAScaler() {
    event.remove("scaler_key");
    assertThat(call()).containsEntry("statusCode", 200);
    event.put("scaler_key", null);
    assertThat(call()).containsEntry("statusCode", 200);
  }

  @Test
  void logsOneLineAndOneOfMetrics() {
    call();
    List<String> lines = logged().lines().toList();
    assertThat(lines).hasSize(2);
    assertThat(lines.get(1))
        .matches(
            "\\{\"event\":\"prediction\",\"request_id\":\"r-1\",\"cold\":true,\"rows\":2,"
                + "\"bytes_in\":12,\"bytes_out\":31,\"model_version\":\"etag-[0-9-]+\","
                + "\"seconds\":[0-9.]+}");
    assertThat(lines.get(0))
        .startsWith("{\"_aws\":{\"Timestamp\":")
        .contains(
            "\"Namespace\":\"mlinfra/prediction\",\"Dimensions\":[[\"function\"]]",
            "{\"Name\":\"rows\",\"Unit\":\"Count\"}",
            "\"function\":\"test\",\"rows\":2,",
            "\"failures\":0,\"cold_starts\":1,\"missing_values\":0,",
            "\"a\":{\"values\":2,\"missing\":0,\"min\":1.0,\"max\":3.0,\"mean\":2.0}")
        .doesNotContain("stability_index");
  }

  @Test
  void tellsHowFarTheDataMoved() {
    store.with(
        "models/baseline.json",
        "{\"format\":\"mlinfra/baseline/v1\",\"features\":["
            + "{\"name\":\"b\",\"edges\":[2.5],\"shares\":[0.5,0.5]},"
            + "{\"name\":\"a\",\"edges\":[0.5],\"shares\":[0.5,0.5]}]}");
    event.put("baseline_key", "models/baseline.json");
    assertThat(call()).containsEntry("statusCode", 200);
    // b lies as it did; a has left its lower half: (0.0001 - 0.5) ln 0.0002 + (1 - 0.5) ln 2
    assertThat(logged())
        .contains("\"b\":{\"values\":2,", "\"stability_index\":0.0}")
        .containsPattern("\"stability_index_max\":4\\.604");
  }

  @Test
  void refusesTheBaselineOfAnotherModel() {
    store.with("models/baseline.json", "{\"format\":\"mlinfra/baseline/v1\",\"features\":[]}");
    event.put("baseline_key", "models/baseline.json");
    assertThat((String) call().get("body"))
        .contains("BASELINE_INVALID", "lacks a, b", "written with the model");
  }

  @Test
  void isColdOnce() {
    PredictionHandler handler = handler();
    handler.handleRequest(event, new TestContext("r-1", 900_000));
    handler.handleRequest(event, new TestContext("r-2", 900_000));
    List<String> lines = logged().lines().filter(line -> line.contains("request_id")).toList();
    assertThat(lines).hasSize(2);
    assertThat(lines.get(1)).contains("\"r-2\"", "\"cold\":false");
  }

  @Test
  void loadsAModelAgainOnlyIfItChanged() {
    PredictionHandler handler = handler();
    TestContext context = new TestContext("r-1", 900_000);
    handler.handleRequest(event, context);
    assertThat(store.opened()).as("model, scaler, data").isEqualTo(3);
    handler.handleRequest(event, context);
    assertThat(store.opened()).as("and scaler, data").isEqualTo(5);
    store.with("models/sum.onnx", TestFiles.bytes("sum-float.onnx"));
    handler.handleRequest(event, context);
    assertThat(store.opened()).as("and model, scaler, data").isEqualTo(8);
  }

  @ParameterizedTest
  @CsvSource({
    "data_key,     datasets/none.csv, OBJECT_NOT_FOUND,     404",
    "model_key,    models/none.onnx,  MODEL_NOT_FOUND,      404",
    "model_key,    models/m.pkl,      PICKLE_REFUSED,       415",
    "model_key,    datasets/d.csv,    MODEL_INVALID,        422",
    "data_bucket,  stranger,          BUCKET_NOT_ALLOWED,   403",
    "model_bucket, stranger,          BUCKET_NOT_ALLOWED,   403",
    "output_key,   models/sum.onnx,   OUTPUT_NOT_ALLOWED,   403",
    "output_key,   results/,          OUTPUT_NOT_ALLOWED,   403",
    "output_key,   results-old/d.csv, OUTPUT_NOT_ALLOWED,   403",
    "data_key,     results/d.csv,     OUTPUT_EQUALS_INPUT,  400",
    "model_key,    results/d.csv,     OUTPUT_EQUALS_INPUT,  400",
    "scaler_key,   results/d.csv,     OUTPUT_EQUALS_INPUT,  400",
    "on_error,     shout,             EVENT_INVALID,        400",
    "outputs,      'a,,b',            EVENT_INVALID,        400",
    "outputs,      'a,b,a',           EVENT_INVALID,        400",
    "outputs,      '',                EVENT_INVALID,        400",
    "outputs,      z,                 MODEL_OUTPUT_UNSUPPORTED, 422",
    "model_sha256, a1b2,              EVENT_INVALID,        400",
    "data_key,     results/../d.csv,  EVENT_INVALID,        400",
  })
  void answersWithCodeAndStatus(String field, String value, String code, int status) {
    event.put(field, value);
    Map<String, Object> answer = call();
    assertThat(answer).containsEntry("statusCode", status);
    assertThat((String) answer.get("body")).startsWith("{\"code\":\"" + code + "\",\"error\":\"");
    assertThat(logged().lines())
        .hasSize(2)
        .allMatch(line -> line.contains("\"code\":\"" + code + "\""))
        .first(InstanceOfAssertFactories.STRING)
        .contains(
            "{\"Name\":\"failures\",\"Unit\":\"Count\"}",
            "\"function\":\"test\",\"failures\":1,\"cold_starts\":1,");
    assertThat(store.has("results/d.csv")).isFalse();
  }

  @Test
  void writesTheOutputsThatTheEventNames() {
    store.with("models/iris.onnx", TestFiles.bytes("iris-names.onnx"));
    store.with("datasets/d.csv", "a,b,c,d\n1,2,3,4\n");
    event.remove("scaler_key");
    event.put("model_key", "models/iris.onnx");
    event.put("outputs", " label , probabilities ");
    assertThat(call()).containsEntry("statusCode", 200);
    assertThat(store.text("results/d.csv"))
        .startsWith("a,b,c,d,prediction,probability_0,probability_1,probability_2\n1,2,3,4,")
        .containsPattern(",[a-z]+(,[0-9.E-]+){3}\n$");

    store.with("datasets/d.csv", "a,probability_1,prediction,d\n1,2,3,4\n");
    assertThat((String) call().get("body"))
        .contains(
            "PREDICTION_COLUMN_EXISTS",
            "prediction already, number 3, and one named probability_1 already, number 2");
  }

  @Test
  void loadsOnlyTheModelWithTheEventsChecksum() {
    event.put("model_sha256", "A".repeat(64));
    Map<String, Object> answer = call();
    assertThat(answer).containsEntry("statusCode", 412);
    assertThat((String) answer.get("body")).contains("MODEL_CHECKSUM_MISMATCH", "is aaaa");
    String given = ((String) answer.get("body")).replaceAll(".*checksum (\\w{64}).*", "$1");
    event.put("model_sha256", given.toUpperCase(Locale.ROOT));
    assertThat(call()).containsEntry("statusCode", 200);
    environment.put("MLINFRA_MODEL_SHA256", "0".repeat(64));
    assertThat((String) call().get("body"))
        .contains("MODEL_CHECKSUM_MISMATCH", "MLINFRA_MODEL_SHA256");
  }

  @Test
  void namesAllProblemsOfAnEventAtOnce() {
    event.remove("model_bucket");
    event.put("model_key", 7);
    event.put("data_key", " ");
    event.put("scaler_kye", "models/scaler.json");
    event.put("output_key", "r".repeat(1025));
    assertThat((String) call().get("body"))
        .contains(
            "EVENT_INVALID",
            "model_bucket is missing",
            "model_key is Integer, must be a string",
            "data_key is empty",
            "scaler_kye is unknown, allowed are",
            "output_key has 1025 characters, S3 allows 1024");
  }

  @Test
  void refusesNoEventAtAll() {
    assertThat((String) handler().handleRequest(null, new TestContext("r", 1)).get("body"))
        .contains("EVENT_INVALID", "model_bucket is missing");
  }

  @Test
  void refusesEveryBucketUnlessToldOtherwise() {
    environment.remove("MLINFRA_ALLOWED_BUCKETS");
    assertThat((String) call().get("body"))
        .contains("BUCKET_NOT_ALLOWED", "MLINFRA_ALLOWED_BUCKETS", "empty");
  }

  @Test
  void saysWhichVariableIsWrong() {
    environment.put("MLINFRA_MISSING_VALUES", "zero");
    Map<String, Object> answer = call();
    assertThat(answer).containsEntry("statusCode", 500);
    assertThat((String) answer.get("body"))
        .contains("CONFIG_INVALID", "MLINFRA_MISSING_VALUES", "'zero'", "fail or nan");
  }

  @Test
  void throwsIfTheEventSaysSo() {
    event.put("on_error", "throw");
    assertThat(call()).containsEntry("statusCode", 200);
    event.put("data_key", "datasets/none.csv");
    assertThatThrownBy(this::call)
        .isInstanceOf(PredictionException.class)
        .hasMessageStartingWith("OBJECT_NOT_FOUND: ");
    event.remove("model_key");
    assertThatThrownBy(this::call).hasMessageStartingWith("EVENT_INVALID: ");
  }

  @Test
  void stopsBeforeLambdaDoes() {
    assertThat(handler().handleRequest(event, new TestContext("r", 1_000)))
        .containsEntry("statusCode", 504);
    assertThat(store.has("results/d.csv")).isFalse();
  }

  @Test
  void allowsMissingValuesIfToldSo() {
    environment.put("MLINFRA_MISSING_VALUES", "nan");
    store.with("datasets/d.csv", "a,b\n,2\n");
    assertThat(call()).containsEntry("statusCode", 200);
    assertThat(store.text("results/d.csv")).contains(",2,NaN");
  }

  @Test
  void neverLogsValues() {
    store.with("datasets/d.csv", "a,b\nsecret,2\n");
    assertThat((String) call().get("body"))
        .contains("VALUE_NOT_NUMERIC", "line 2")
        .doesNotContain("secret");
    assertThat(logged()).contains("VALUE_NOT_NUMERIC").doesNotContain("secret");
  }

  @Test
  void reportsItsOwnFaultsWithoutTheirText() {
    PredictionHandler handler =
        new PredictionHandler(
            environment, null, new PrintStream(log, true, StandardCharsets.UTF_8));
    Map<String, Object> answer = handler.handleRequest(event, new TestContext("r-1", 900_000));
    assertThat(answer).containsEntry("statusCode", 500);
    assertThat((String) answer.get("body")).contains("INTERNAL").doesNotContain("NullPointer");
    assertThat(logged())
        .contains("\"code\":\"INTERNAL\"", "\"cause\":\"java.lang.NullPointerException at ")
        .doesNotContain("because");
  }

  @Test
  void everyCodeHasAStatusForFailures() {
    assertThat(List.of(PredictionError.values()))
        .allSatisfy(code -> assertThat(code.status()).isBetween(400, 599));
  }

  private PredictionHandler handler() {
    return new PredictionHandler(
        environment, store, new PrintStream(log, true, StandardCharsets.UTF_8));
  }

  private Map<String, Object> call() {
    return handler().handleRequest(event, new TestContext("r-1", 900_000));
  }

  private String logged() {
    return log.toString(StandardCharsets.UTF_8);
  }
}
