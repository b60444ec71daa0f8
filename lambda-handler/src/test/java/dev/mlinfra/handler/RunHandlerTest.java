package dev.mlinfra.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Plans of runs and their manifests. */
class RunHandlerTest {
  private final MemoryObjectStore store =
      new MemoryObjectStore()
          .with("datasets/n/", "")
          .with("datasets/n/1.csv", "a,b\n1,2\n")
          .with("datasets/n/more/2.csv", "a,b\n3,4\n")
          .with("datasets/other.csv", "a,b\n1,2\n3,4\n5,6\n");
  private final Map<String, String> environment =
      new HashMap<>(
          Map.ofEntries(
              Map.entry("MLINFRA_RUN_BUCKET", "b"),
              Map.entry("MLINFRA_RUN_INPUT_PREFIX", "datasets/"),
              Map.entry("MLINFRA_RUN_OUTPUT_PREFIX", "results/"),
              Map.entry("MLINFRA_RUN_RUNS_PREFIX", "results/_runs/"),
              Map.entry("MLINFRA_RUN_MAX_ITEMS", "10"),
              Map.entry("MLINFRA_RUN_MAX_BYTES", "1000"),
              Map.entry("MLINFRA_RUN_RANGE_BYTES", "100"),
              Map.entry("MLINFRA_RUN_USD_PER_ITEM", "0.03"),
              Map.entry("MLINFRA_RUN_USD_FIXED", "0.1"),
              Map.entry("MLINFRA_RUN_MAX_USD", "1.0"),
              Map.entry("MLINFRA_RUN_ARITHMETIC", "(2 x 60 s x 1 GB)")));
  private final Map<String, Object> request =
      new HashMap<>(
          Map.of(
              "model_key", "models/m.onnx",
              "data_prefix", "datasets/n/",
              "output_prefix", "results/n/"));

  @Test
  void plansAnEventForEachObject() {
    assertThat(plan())
        .isEqualTo(
            Map.of(
                "items_key",
                "results/_runs/r1/items.json",
                "results_prefix",
                "results/_runs/r1/map",
                "items",
                2L,
                "bytes",
                16L));
    assertThat(items())
        .containsExactly(
            Map.of(
                "model_bucket", "b",
                "model_key", "models/m.onnx",
                "data_bucket", "b",
                "data_key", "datasets/n/1.csv",
                "output_key", "results/n/1.csv",
                "on_error", "throw"),
            Map.of(
                "model_bucket", "b",
                "model_key", "models/m.onnx",
                "data_bucket", "b",
                "data_key", "datasets/n/more/2.csv",
                "output_key", "results/n/more/2.csv",
                "on_error", "throw"));
  }

  @Test
  void plansAnEventForEachRangeOfAnObject() {
    request.remove("data_prefix");
    request.put("data_key", "datasets/other.csv");
    request.put("scaler_key", "models/s.json");
    assertThat(plan()).containsEntry("items", 1L).containsEntry("bytes", 16L);
    assertThat(items())
        .singleElement()
        .satisfies(
            item -> {
              assertThat(item).containsEntry("output_key", "results/n/part-00000.csv");
              assertThat(item).containsEntry("scaler_key", "models/s.json");
              PredictionEvent event = PredictionEvent.parse(item);
              assertThat(event.range()).isPresent();
              assertThat(event.range().get().end()).isEqualTo(16);
              assertThat(event.throwOnError()).isTrue();
            });
  }

  @Test
  void refusesMoreObjectsThanAllowedWithTheArithmetic() {
    environment.put("MLINFRA_RUN_MAX_ITEMS", "1");
    assertThatThrownBy(this::plan)
        .hasMessage(
            "RUN_TOO_LARGE: more than 1 objects: 2 x (2 x 60 s x 1 GB) = 0.060000 USD, and 0.100000"
                + " USD for the run itself, are 0.16 USD at most; allowed are 1 items and 1.00 USD."
                + " Split the run, lower the function's timeout, or raise the limits where the run"
                + " is set up");
    assertThat(store.has("results/_runs/r1/items.json")).isFalse();
  }

  @Test
  void refusesWhatMayCostMoreThanAllowed() {
    environment.put("MLINFRA_RUN_USD_PER_ITEM", "0.6");
    assertThatThrownBy(this::plan)
        .hasMessageContaining("1.200000 USD")
        .hasMessageContaining("1.30");
  }

  @Test
  void refusesMoreBytesThanAllowed() {
    environment.put("MLINFRA_RUN_MAX_BYTES", "15");
    assertThatThrownBy(this::plan).hasMessageContaining("RUN_TOO_LARGE: the data have more than");
    request.remove("data_prefix");
    request.put("data_key", "datasets/other.csv");
    assertThatThrownBy(this::plan).hasMessageContaining("RUN_TOO_LARGE: the data have more than");
  }

  @Test
  void refusesMoreRangesThanAllowedBeforeItReadsTheData() {
    environment.put("MLINFRA_RUN_RANGE_BYTES", "1");
    request.remove("data_prefix");
    request.put("data_key", "datasets/other.csv");
    assertThatThrownBy(this::plan).hasMessageContaining("16 ranges of 1 bytes: 16 x");
    assertThat(store.opened()).isZero();
  }

  @Test
  void refusesARunOverNothing() {
    request.put("data_prefix", "datasets/none/");
    assertThatThrownBy(this::plan)
        .hasMessage("OBJECT_NOT_FOUND: there is no object below datasets/none/");
    request.remove("data_prefix");
    request.put("data_key", "datasets/none.csv");
    assertThatThrownBy(this::plan)
        .hasMessage("OBJECT_NOT_FOUND: there is no object b/datasets/none.csv");
  }

  @Test
  void tellsEveryMistakeOfARequest() {
    request.clear();
    request.putAll(
        Map.of(
            "modelkey", "x",
            "data_prefix", "elsewhere/",
            "data_key", 3,
            "output_prefix", "results/n"));
    assertThatThrownBy(this::plan)
        .hasMessageContaining("EVENT_INVALID")
        .hasMessageContaining("modelkey is unknown, allowed are model_key, scaler_key")
        .hasMessageContaining("model_key is missing")
        .hasMessageContaining("data_key must be a text")
        .hasMessageContaining("one of data_prefix and data_key is needed, not both")
        .hasMessageContaining("data_prefix is 'elsewhere/', must begin with datasets/")
        .hasMessageContaining(
            "output_prefix is 'results/n', must begin with results/ and end with /");
  }

  @Test
  void keepsOutputsApartFromWhatItWritesItself() {
    request.put("output_prefix", "results/_runs/x/");
    assertThatThrownBy(this::plan).hasMessageContaining("must not be below results/_runs/");
    request.put("output_prefix", "results/x/");
    request.remove("data_prefix");
    request.put("data_key", "secrets/x.csv");
    assertThatThrownBy(this::plan).hasMessageContaining("data_key must be below datasets/");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "MLINFRA_RUN_BUCKET     | ''     | is missing; allowed: a text",
        "MLINFRA_RUN_MAX_ITEMS  | 0      | is '0'; allowed: a whole number from 1",
        "MLINFRA_RUN_MAX_USD    | -1     | is '-1'; allowed: a number from 0",
        "MLINFRA_RUN_RUNS_PREFIX| x      | is 'x'; allowed: a prefix that ends with /",
      })
  void saysWhichSettingIsWrong(String variable, String value, String message) {
    environment.put(variable, value);
    assertThatThrownBy(this::plan).hasMessageContaining(variable + " " + message);
  }

  @Test
  void knowsTwoSteps() {
    assertThatThrownBy(() -> call(Map.of("step", "dance", "run", "r1")))
        .hasMessageContaining("step must be plan");
    assertThatThrownBy(() -> call(Map.of("step", "manifest", "run", "../r1")))
        .hasMessageContaining("run must be a text");
  }

  @Test
  void sumsUpWhatStepFunctionsWrote() {
    plan();
    String first = "{\\\"output_key\\\":\\\"results/n/1.csv\\\"}";
    store
        .with(
            "results/_runs/r1/map/0/manifest.json",
            "{\"ResultFiles\": {\"SUCCEEDED\": [{\"Key\": \"results/_runs/r1/map/0/S.json\","
                + " \"Size\": 1}], \"FAILED\": [], \"PENDING\": []}}")
        .with(
            "results/_runs/r1/map/0/S.json",
            "[{\"Status\": \"SUCCEEDED\", \"RedriveCount\": 0, \"x\": null, \"y\": 1.5, \"z\":"
                + " [true], \"Input\": \""
                + first
                + "\", \"Output\":"
                + " \"{\\\"statusCode\\\":200,\\\"body\\\":\\\"{\\\\\\\"num_predictions\\\\\\\":7}\\\"}\"}]");
    assertThat(call(Map.of("step", "manifest", "run", "r1")))
        .isEqualTo(
            Map.of(
                "manifest_bucket", "b",
                "manifest_key", "results/_runs/r1/manifest.json",
                "items", 2L,
                "succeeded", 1L,
                "failed", 0L,
                "not_started", 1L,
                "rows", 7L));
    assertThat(store.text("results/_runs/r1/manifest.json"))
        .isEqualTo(
            "{\"format\":\"mlinfra/run/v1\",\"run\":\"r1\",\"items\":2,\"succeeded\":1,\"failed\":0,"
                + "\"not_started\":1,\"rows\":7,\"outputs\":[{\"data_key\":\"datasets/n/1.csv\",\"output_key\":\"results/n/1.csv\",\"rows\":7}],\"failures\":[],\"left\":[{\"data_key\":\"datasets/n/more/2.csv\",\"output_key\":\"results/n/more/2.csv\"}]}\n");
  }

  @Test
  void namesFailuresByTheirCode() {
    plan();
    String own =
        "{\\\"errorMessage\\\":\\\"CSV_INVALID: data: it is:"
            + " empty\\\",\\\"errorType\\\":\\\"x\\\"}";
    store
        .with(
            "results/_runs/r1/map/0/manifest.json",
            "{\"ResultFiles\": {\"FAILED\": [{\"Key\": \"results/_runs/r1/map/0/F.json\"}]}}")
        .with(
            "results/_runs/r1/map/0/F.json",
            "[{\"Input\": \"{\\\"output_key\\\":\\\"results/n/1.csv\\\"}\","
                + " \"Error\": \"dev.mlinfra.handler.PredictionException\", \"Cause\": \""
                + own
                + "\"}, {\"Input\": \"{\\\"output_key\\\":\\\"results/n/more/2.csv\\\"}\","
                + " \"Error\": \"Sandbox.Timedout\", \"Cause\": \"after 60 s\"}]");
    assertThat(call(Map.of("step", "manifest", "run", "r1"))).containsEntry("failed", 2L);
    assertThat(store.text("results/_runs/r1/manifest.json"))
        .contains("\"code\":\"CSV_INVALID\",\"error\":\"data: it is: empty\"")
        .contains("\"code\":\"Sandbox.Timedout\",\"error\":\"after 60 s\"");
  }

  private Map<String, Object> plan() {
    return call(Map.of("step", "plan", "run", "r1", "request", request));
  }

  private Map<String, Object> call(Map<String, Object> event) {
    return new RunHandler(environment, store, store)
        .handleRequest(event, new TestContext("r-1", 900_000));
  }

  private List<Map<String, Object>> items() {
    List<Map<String, Object>> items = new ArrayList<>();
    JsonValues.objects(
        new ByteArrayInputStream(
            store.text("results/_runs/r1/items.json").getBytes(StandardCharsets.UTF_8)),
        items::add);
    return items;
  }
}
