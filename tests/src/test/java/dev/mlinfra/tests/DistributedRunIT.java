package dev.mlinfra.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import dev.mlinfra.aws.DistributedPrediction;
import dev.mlinfra.aws.DistributedPredictionProps;
import dev.mlinfra.aws.MlDataBucket;
import dev.mlinfra.aws.PredictionLambda;
import dev.mlinfra.aws.PredictionLambdaProps;
import dev.mlinfra.handler.PredictionException;
import dev.mlinfra.handler.PredictionHandler;
import dev.mlinfra.handler.RunHandler;
import dev.mlinfra.handler.S3ObjectStore;
import dev.mlinfra.tests.LocalStateMachine.Execution;
import dev.mlinfra.tests.LocalStateMachine.StateFailure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awscdk.App;
import software.amazon.awscdk.AppProps;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Size;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.assertions.Template;
import software.amazon.awssdk.services.s3.S3Client;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * The state machine of a distributed prediction as it was synthesised, with the real handlers under
 * the synthesised settings, on S3's protocol.
 */
class DistributedRunIT {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int OBJECTS = 200;
  private static final int LARGE_BYTES = 23 << 20;
  private static final String REQUEST =
      """
      {"model_key": "models/sum.onnx", "scaler_key": "models/scaler.json",
       "data_prefix": "datasets/n/", "output_prefix": "results/n/"}
      """;

  private static final String SCALER =
      """
      {"format": "mlinfra/scaler/v1", "feature_names": ["a", "b"], "mean": [0, 0], "scale": [1, 1]}
      """;

  private LoopbackS3 storage;
  private S3Client s3;
  private String bucket;
  private final AtomicInteger predictions = new AtomicInteger();
  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicInteger mostUnderWay = new AtomicInteger();
  private volatile String throttled = "";

  @BeforeEach
  void start() throws IOException {
    storage = new LoopbackS3();
    s3 = storage.client();
  }

  @AfterEach
  void stop() {
    s3.close();
    storage.close();
  }

  @Test
  void threeBadObjectsOfTwoHundredAreToldAndTolerated() {
    LocalStateMachine machine = machine(props -> props.toleratedFailurePercentage(2));
    putObjects();

    Execution run = machine.start("november", JSON.readTree(REQUEST));

    assertThat(run.isSuccess()).as(run.cause()).isTrue();
    assertThat(run.output())
        .isEqualTo(
            JSON.readTree(
                """
                {"manifest_bucket": "%s", "manifest_key": "results/_runs/november/manifest.json",
                 "items": 200, "succeeded": 197, "failed": 3, "not_started": 0, "rows": 394}
                """
                    .formatted(bucket)));
    JsonNode manifest = manifest("november");
    assertThat(manifest.path("format").asString()).isEqualTo("mlinfra/run/v1");
    assertThat(manifest.path("outputs").values())
        .hasSize(197)
        .allMatch(output -> output.path("rows").asInt() == 2)
        .extracting(output -> output.path("data_key").asString())
        .isSorted();
    assertThat(manifest.path("failures").values())
        .extracting(
            failure -> failure.path("data_key").asString() + " " + failure.path("code").asString())
        .containsExactly(
            "datasets/n/017.csv VALUE_NOT_NUMERIC",
            "datasets/n/101.csv FEATURES_MISSING",
            "datasets/n/199.csv CSV_INVALID");
    assertThat(manifest.at("/failures/0/error").asString()).contains("line 3, column b");
    assertThat(storage.below("/" + bucket + "/results/n/")).hasSize(197);
    assertThat(text("results/n/018.csv")).isEqualTo("a,b,prediction\n18,1,19.0\n18,2,20.0\n");
    assertThat(storage.uploadsUnderWay()).isZero();
    assertThat(mostUnderWay.get()).isBetween(2, 5);
  }

  @Test
  void threeBadObjectsAreTooManyForOnePercent() {
    LocalStateMachine machine = machine(props -> props.toleratedFailurePercentage(1));
    putObjects();

    Execution run = machine.start("november", JSON.readTree(REQUEST));

    assertThat(run.error()).isEqualTo("States.ExceedToleratedFailureThreshold");
    JsonNode manifest = manifest("november");
    assertThat(manifest.path("failed").asInt()).isEqualTo(3);
    // The third bad one is the last, so nothing was left to start.
    assertThat(manifest.path("succeeded").asInt()).isEqualTo(197);
  }

  @Test
  void theFirstFailureStopsARunByDefault() {
    LocalStateMachine machine = machine(props -> props.maxConcurrency(1));
    putObjects();

    Execution run = machine.start("november", JSON.readTree(REQUEST));

    assertThat(run.error()).isEqualTo("States.ExceedToleratedFailureThreshold");
    JsonNode manifest = manifest("november");
    assertThat(manifest.path("items").asInt()).isEqualTo(OBJECTS);
    assertThat(manifest.path("succeeded").asInt()).isEqualTo(17);
    assertThat(manifest.path("failed").asInt()).isEqualTo(1);
    assertThat(manifest.path("not_started").asInt()).isEqualTo(182);
    assertThat(manifest.at("/left/0/data_key").asString()).isEqualTo("datasets/n/018.csv");
    assertThat(predictions.get()).isEqualTo(18);
  }

  @Test
  void countsMayBoundFailuresToo() {
    LocalStateMachine machine =
        machine(props -> props.toleratedFailurePercentage(50).toleratedFailureCount(2));
    putObjects();

    assertThat(machine.start("november", JSON.readTree(REQUEST)).error())
        .isEqualTo("States.ExceedToleratedFailureThreshold");
  }

  @Test
  void rangesOfOneObjectGiveTheOutputOfTheWhole() {
    LocalStateMachine machine = machine(props -> props.rangeSize(Size.mebibytes(5)));
    storage.put("/" + bucket + "/datasets/large.csv", large());
    String undivided = "results/whole.csv";
    assertThat(
            handler()
                .handleRequest(
                    Map.of(
                        "model_bucket",
                        bucket,
                        "model_key",
                        "models/sum.onnx",
                        "scaler_key",
                        "models/scaler.json",
                        "data_bucket",
                        bucket,
                        "data_key",
                        "datasets/large.csv",
                        "output_key",
                        undivided),
                    context()))
        .containsEntry("statusCode", 200);

    Execution run =
        machine.start(
            "large",
            JSON.readTree(
                """
                {"model_key": "models/sum.onnx", "scaler_key": "models/scaler.json",
                 "data_key": "datasets/large.csv", "output_prefix": "results/large/"}
                """));

    assertThat(run.isSuccess()).as(run.cause()).isTrue();
    JsonNode outputs = manifest("large").path("outputs");
    assertThat(outputs.size()).isEqualTo(5);
    ByteArrayOutputStream parts = new ByteArrayOutputStream();
    outputs.forEach(
        part ->
            parts.writeBytes(storage.get("/" + bucket + "/" + part.path("output_key").asString())));
    assertThat(parts.toByteArray()).isEqualTo(storage.get("/" + bucket + "/" + undivided));
    assertThat(outputs.at("/0/output_key").asString()).isEqualTo("results/large/part-00000.csv");
    assertThat(outputs.at("/4/end").asInt()).isEqualTo(large().length);
  }

  @Test
  void aRunThatMayCostTooMuchIsRefusedBeforeItBegins() {
    LocalStateMachine machine = machine(props -> props.maxItems(150));
    putObjects();

    Execution run = machine.start("november", JSON.readTree(REQUEST));

    assertThat(run.error()).isEqualTo(PredictionException.class.getName());
    assertThat(run.cause())
        .contains("RUN_TOO_LARGE: more than 150 objects: 151 x (2 attempts x 30 s x 2.938 GB x")
        .contains("allowed are 150 items and 1.00 USD");
    assertThat(predictions.get()).isZero();
    assertThat(storage.below("/" + bucket + "/results/")).isEmpty();
  }

  @Test
  void throttledCallsAreTriedAgainAndOwnFaultsAreNot() {
    LocalStateMachine machine = machine(props -> props.toleratedFailurePercentage(100));
    throttled = "datasets/n/000.csv";
    putObjects();

    Execution run = machine.start("november", JSON.readTree(REQUEST));

    assertThat(run.isSuccess()).isTrue();
    assertThat(run.output().path("succeeded").asInt()).isEqualTo(197);
    assertThat(predictions.get()).isEqualTo(OBJECTS + 1);
  }

  @Test
  void whatItCannotRunIsAnError() {
    ObjectNode definition =
        (ObjectNode)
            JSON.readTree(
                """
                {"StartAt": "A", "States": {"A": {"Type": "Fail", "ErrorPath": "$.e",
                 "CausePath": "$.e", "QueryLanguage": "JSONata"}}}
                """);
    assertThatThrownBy(
            () ->
                new LocalStateMachine(definition, Map.of(), s3).start("x", JSON.createObjectNode()))
        .hasMessage("state A has what is not run here: [QueryLanguage]");
    ObjectNode waits =
        (ObjectNode)
            JSON.readTree("{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Wait\"}}}");
    assertThatThrownBy(
            () -> new LocalStateMachine(waits, Map.of(), s3).start("x", JSON.createObjectNode()))
        .hasMessageContaining("state A has what is not run here");
  }

  /** Two hundred objects of two rows; number 17, 101 and 199 are bad, each in its own way. */
  private void putObjects() {
    for (int i = 0; i < OBJECTS; i++) {
      String content = "a,b\n%d,1\n%d,2\n".formatted(i, i);
      switch (i) {
        case 17 -> content = "a,b\n1,2\n1,x\n";
        case 101 -> content = "a\n1\n";
        case 199 -> content = "";
        default -> {}
      }
      storage.put("/%s/datasets/n/%03d.csv".formatted(bucket, i), content);
    }
    storage.put("/" + bucket + "/datasets/n/", "");
  }

  /** Rows with quotes, line ends within them, empty lines and carriage returns. */
  private static byte[] large() {
    Random random = new Random(7);
    StringBuilder csv = new StringBuilder(LARGE_BYTES + 1000).append("\"a\",note,b\r\n");
    while (csv.length() < LARGE_BYTES) {
      csv.append(random.nextInt(1000)).append('.').append(random.nextInt(1000)).append(',');
      csv.append(random.nextInt(50) == 0 ? "\"two\nlines, \"\"and\"\" more\"" : "plain text");
      csv.append(',').append(random.nextInt(1000));
      csv.append(random.nextInt(100) == 0 ? "\r\n\n" : "\n");
    }
    return csv.toString().getBytes(StandardCharsets.UTF_8);
  }

  private interface Options {
    DistributedPredictionProps.Builder of(DistributedPredictionProps.Builder props);
  }

  /** What the construct synthesises, with its functions in this process. */
  private LocalStateMachine machine(Options options) {
    App app =
        new App(
            AppProps.builder()
                .context(Synthesis.flags())
                .outdir(Synthesis.folder().toString())
                .build());
    Stack stack = new Stack(app, "Runs");
    MlDataBucket data = new MlDataBucket(stack, "Data");
    PredictionLambda prediction =
        new PredictionLambda(
            stack,
            "Prediction",
            PredictionLambdaProps.builder().data(data).timeout(Duration.seconds(30)).build());
    DistributedPredictionProps.Builder props = DistributedPredictionProps.builder();
    props.prediction(prediction);
    new DistributedPrediction(stack, "Runs", options.of(props).build());
    JsonNode resources = JSON.valueToTree(Template.fromStack(stack).toJSON()).path("Resources");

    Map<String, LocalStateMachine.Function> functions = new HashMap<>();
    JsonNode definition = JSON.missingNode();
    for (Map.Entry<String, JsonNode> entry : resources.properties()) {
      JsonNode properties = resolved(entry.getValue().path("Properties"));
      String id = entry.getKey().toLowerCase(Locale.ROOT);
      switch (entry.getValue().path("Type").asString()) {
        case "AWS::S3::Bucket" -> bucket = id;
        case "AWS::StepFunctions::StateMachine" -> definition = properties.path("Definition");
        case "AWS::Lambda::Alias" -> {
          JsonNode function = function(resources, properties.path("FunctionName").asString());
          functions.put(id, lambda(function));
        }
        default -> {}
      }
    }
    storage.put("/" + bucket + "/models/sum.onnx", model());
    storage.put("/" + bucket + "/models/scaler.json", SCALER);
    assertThat(functions).hasSize(2);
    return new LocalStateMachine(definition, functions, s3);
  }

  private static JsonNode function(JsonNode resources, String id) {
    return resources.properties().stream()
        .filter(entry -> entry.getKey().equalsIgnoreCase(id))
        .map(entry -> resolved(entry.getValue().path("Properties")))
        .findFirst()
        .orElseThrow();
  }

  /** The handler that the function names, under the environment that it is given. */
  private LocalStateMachine.Function lambda(JsonNode function) {
    Map<String, String> environment = new HashMap<>();
    function
        .at("/Environment/Variables")
        .properties()
        .forEach(entry -> environment.put(entry.getKey(), entry.getValue().asString()));
    S3ObjectStore store = new S3ObjectStore(s3);
    return switch (function.path("Handler").asString()) {
      case "dev.mlinfra.handler.PredictionHandler::handleRequest" -> {
        PredictionHandler handler = new PredictionHandler(environment, store, silent());
        yield payload -> predict(handler, payload);
      }
      case "dev.mlinfra.handler.RunHandler::handleRequest" -> {
        RunHandler handler = new RunHandler(environment, store);
        yield payload -> invoke(handler, payload);
      }
      default -> throw new IllegalStateException("no handler " + function.path("Handler"));
    };
  }

  private JsonNode predict(PredictionHandler handler, JsonNode payload) throws StateFailure {
    predictions.incrementAndGet();
    mostUnderWay.accumulateAndGet(underWay.incrementAndGet(), Math::max);
    try {
      if (payload.path("data_key").asString().equals(throttled)) {
        throttled = "";
        throw new StateFailure("Lambda.TooManyRequestsException", "Rate Exceeded");
      }
      return invoke(handler, payload);
    } finally {
      underWay.decrementAndGet();
    }
  }

  /** As Lambda does it: JSON in, JSON out, and an exception as an error of its class. */
  @SuppressWarnings("unchecked")
  private static JsonNode invoke(
      RequestHandler<Map<String, Object>, Map<String, Object>> handler, JsonNode payload)
      throws StateFailure {
    try {
      return JSON.valueToTree(
          handler.handleRequest(JSON.treeToValue(payload, Map.class), context()));
    } catch (PredictionException e) {
      throw new StateFailure(
          e.getClass().getName(),
          JSON.createObjectNode()
              .put("errorMessage", e.getMessage())
              .put("errorType", e.getClass().getName())
              .toString());
    }
  }

  private PredictionHandler handler() {
    return new PredictionHandler(
        Map.of("MLINFRA_ALLOWED_BUCKETS", bucket), new S3ObjectStore(s3), silent());
  }

  private static PrintStream silent() {
    return new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
  }

  private static Context context() {
    return (Context)
        Proxy.newProxyInstance(
            DistributedRunIT.class.getClassLoader(),
            new Class<?>[] {Context.class},
            (proxy, method, arguments) ->
                method.getReturnType() == int.class ? (Object) 900_000 : "local");
  }

  private JsonNode manifest(String run) {
    return JSON.readTree(text("results/_runs/" + run + "/manifest.json"));
  }

  private String text(String key) {
    return new String(storage.get("/" + bucket + "/" + key), StandardCharsets.UTF_8);
  }

  private static byte[] model() {
    try {
      return Files.readAllBytes(
          Synthesis.ROOT.resolve("lambda-handler/src/test/resources/models/sum.onnx"));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Names of resources in place of intrinsic functions, in lower case as buckets want it. */
  private static JsonNode resolved(JsonNode node) {
    if (node.has("Ref")) {
      String name = node.path("Ref").asString();
      return StringNode.valueOf(
          name.equals("AWS::Partition") ? "aws" : name.toLowerCase(Locale.ROOT));
    }
    if (node.has("Fn::GetAtt")) {
      return StringNode.valueOf(
          node.path("Fn::GetAtt").path(0).asString().toLowerCase(Locale.ROOT));
    }
    if (node.has("Fn::Join")) {
      StringBuilder joined = new StringBuilder();
      node.path("Fn::Join").path(1).forEach(part -> joined.append(resolved(part).asString()));
      return StringNode.valueOf(joined.toString());
    }
    if (node.isObject()) {
      ObjectNode object = JSON.createObjectNode();
      node.properties().forEach(entry -> object.set(entry.getKey(), resolved(entry.getValue())));
      return object;
    }
    if (node.isArray()) {
      return JSON.createArrayNode()
          .addAll(node.values().stream().map(DistributedRunIT::resolved).toList());
    }
    return node;
  }
}
