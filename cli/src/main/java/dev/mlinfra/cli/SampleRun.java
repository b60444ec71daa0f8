package dev.mlinfra.cli;

import dev.mlinfra.core.Environment;
import dev.mlinfra.core.Outputs;
import dev.mlinfra.core.Prefixes;
import dev.mlinfra.core.Target;
import dev.mlinfra.local.Credentials;
import dev.mlinfra.local.EmbeddedAws;
import dev.mlinfra.local.LambdaHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Trains a small real model and predicts with it in a deployed environment. Each program runs under
 * its own role: the trainer's for training, the function's for prediction.
 */
final class SampleRun {
  /** Predictions of the function and of scikit-learn may differ by this much, relatively. */
  static final double LARGEST_DIFFERENCE = 1e-5;

  private static final String DATASET = "diabetes.csv";
  private static final String TO_PREDICT = "diabetes-to-predict.csv";
  private static final List<String> FEATURES =
      List.of("age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6");
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Workspace workspace;
  private final EmbeddedAws aws;
  private final Outputs outputs;
  private final Prefixes prefixes;
  private final Path folder;
  private JsonNode trained;
  private String resultKey;

  SampleRun(Workspace workspace, Environment environment, EmbeddedAws aws) {
    this.workspace = workspace;
    this.aws = aws;
    this.outputs = Outputs.of(workspace.made("quickstart"), environment);
    this.prefixes = environment.aws().orElseThrow().data().prefixes();
    this.folder =
        Folders.create(workspace.made("quickstart").resolve(environment.name()).resolve("sample"));
  }

  /** Puts scikit-learn's diabetes data into the datasets folder. */
  String upload() {
    python("sample-dataset", "sample_dataset.py", "--output", folder.toString())
        .mustSucceed(Map.of(), LIMIT);
    try (S3Client s3 = LocalS3.client(aws)) {
      for (String name : List.of(DATASET, TO_PREDICT)) {
        s3.putObject(
            put -> put.bucket(bucket()).key(datasetKey(name)),
            RequestBody.fromFile(folder.resolve(name)));
      }
    }
    return "s3://" + bucket() + "/" + datasetKey(DATASET);
  }

  /** Trains under the trainer's role. */
  String train() {
    Map<String, Object> config = new TreeMap<>(trainingConfig());
    config.put("dataset_bucket", bucket());
    config.put("dataset_key", datasetKey(DATASET));
    config.put("model_bucket", bucket());
    config.put("model_prefix", prefixes.models());
    Path file = write("training.json", config);
    Credentials trainer =
        aws.assumeRole(outputs.get(Target.AWS, "Training.RoleArn"), "ecs-tasks.amazonaws.com");
    Program training = python("training", "train.py", "@" + file);
    training.mustSucceed(aws.roleEnvironment(trainer), LIMIT);
    trained = JSON.readTree(training.lastLine());
    return String.format(
        Locale.ROOT,
        "r2 %.3f, s3://%s/%s",
        trained.at("/metrics/r2").asDouble(),
        bucket(),
        trained.path("model_key").asString());
  }

  /** Predicts with the deployed function, under its own role. */
  String predict() {
    resultKey = prefixes.results() + "/quickstart/predictions.csv";
    try (LambdaHost function =
        LambdaHost.open(aws, outputs.get(Target.AWS, "Prediction.AliasArn"))) {
      LambdaHost.Invocation answer = function.invoke(event(model("model_key"), resultKey, false));
      JsonNode body = JSON.readTree(answer.body());
      if (answer.functionError().isPresent() || body.path("statusCode").asInt() != 200) {
        throw new CommandFailure(
            ExitCode.NOT_USABLE,
            "the prediction function failed: "
                + answer.body()
                + "\n"
                + String.join("\n", answer.logTail()));
      }
      JsonNode said = JSON.readTree(body.path("body").asString());
      return String.format(
          Locale.ROOT,
          "%d predictions in %.2f s, s3://%s/%s",
          said.path("num_predictions").asInt(),
          answer.duration().toMillis() / 1e3,
          bucket(),
          said.path("output_key").asString());
    }
  }

  /** Reads the results back and compares them with scikit-learn's own predictions. */
  String compare() {
    return compare("comparison", download(resultKey, "predictions.csv"));
  }

  /** Predicts the same rows with the same model through an endpoint of RunPod, and compares. */
  String predictOn(LocalRunPod runPod) {
    Path results =
        runPod.predict(
            download(model("model_key"), "model.onnx"),
            download(model("scaler_key"), "scaler.json"),
            folder.resolve(TO_PREDICT));
    return compare("comparison-runpod", results);
  }

  private Path download(String key, String name) {
    Path file = folder.resolve(name);
    try (S3Client s3 = LocalS3.client(aws)) {
      Files.write(
          file, s3.getObjectAsBytes(get -> get.bucket(bucket()).key(key)).asByteArrayUnsafe());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file;
  }

  private String compare(String step, Path results) {
    Map<String, Object> config = new TreeMap<>(trainingConfig());
    config.put("dataset_file", folder.resolve(DATASET).toString());
    config.put("output_dir", folder.toString());
    Program comparison =
        python(
            step,
            "compare_predictions.py",
            "--config",
            "@" + write("comparison.json", config),
            "--dataset",
            folder.resolve(DATASET).toString(),
            "--to-predict",
            folder.resolve(TO_PREDICT).toString(),
            "--results",
            results.toString());
    comparison.mustSucceed(Map.of(), LIMIT);
    JsonNode said = JSON.readTree(comparison.lastLine());
    double difference = said.path("largest_relative_difference").asDouble(Double.NaN);
    if (!(difference < LARGEST_DIFFERENCE)) {
      throw new CommandFailure(
          ExitCode.NOT_USABLE,
          "predictions differ from scikit-learn's by "
              + difference
              + ", allowed "
              + LARGEST_DIFFERENCE);
    }
    return String.format(
        Locale.ROOT,
        "%d rows, largest relative difference %.1e (allowed %.0e)",
        said.path("rows").asInt(),
        difference,
        LARGEST_DIFFERENCE);
  }

  /** Makes an asynchronous call that cannot succeed and sees that it is kept. */
  String failOnPurpose() {
    String pickle = prefixes.models() + "/quickstart/model.pkl";
    try (LambdaHost function =
        LambdaHost.open(aws, outputs.get(Target.AWS, "Prediction.AliasArn"))) {
      LambdaHost.AsyncInvocation call =
          function.invokeAsync(event(pickle, prefixes.results() + "/quickstart/none.csv", true));
      if (call.isSuccess() || call.destination().isEmpty()) {
        throw new CommandFailure(
            ExitCode.NOT_USABLE,
            "a call with a pickled model should fail and be kept, but it was "
                + (call.isSuccess() ? "answered" : "lost"));
      }
      String queue = call.destination().get();
      return call.attempts().size()
          + " tries, then kept in "
          + queue.substring(queue.lastIndexOf(':') + 1);
    }
  }

  private String event(String modelKey, String outputKey, boolean fail) {
    Map<String, Object> event = new TreeMap<>();
    event.put("model_bucket", bucket());
    event.put("model_key", modelKey);
    event.put("scaler_key", model("scaler_key"));
    event.put("data_bucket", bucket());
    event.put("data_key", datasetKey(TO_PREDICT));
    event.put("output_key", outputKey);
    if (fail) {
      event.put("on_error", "throw");
    }
    return JSON.writeValueAsString(event);
  }

  private String model(String key) {
    return trained.path(key).asString();
  }

  private static Map<String, Object> trainingConfig() {
    return Map.of(
        "feature_columns", FEATURES,
        "target_column", "target",
        "model", "linear_regression",
        "run_id", "quickstart");
  }

  private String bucket() {
    return outputs.get(Target.AWS, "Data.BucketName");
  }

  private String datasetKey(String name) {
    return prefixes.datasets() + "/quickstart/" + name;
  }

  private Path write(String name, Map<String, Object> content) {
    try {
      return Files.writeString(folder.resolve(name), JSON.writeValueAsString(content));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Program python(String what, String script, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(workspace.python("training").toString());
    command.add(workspace.root().resolve("images/training").resolve(script).toString());
    command.addAll(List.of(arguments));
    return new Program(
        what,
        command,
        workspace.root(),
        workspace.made("quickstart").resolve("logs").resolve(what + ".log"));
  }
}
