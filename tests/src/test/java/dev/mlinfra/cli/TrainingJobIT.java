package dev.mlinfra.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlinfra.local.EmbeddedAws;
import dev.mlinfra.tests.TrainingEnvironments;
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
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A training job as its container runs it: what the Dockerfile copies, its ENTRYPOINT, the
 * variables of the fleet's job definition, and nothing but the rights of the fleet's job role
 * within its boundary, which the embedded AWS enforces. Its machine is taken away in both ways
 * there are: with notice and without.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TrainingJobIT {
  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
  private static final int EPOCHS = 60;
  private static final int STOPPED_BY_SIGTERM = 143;
  private static final int STOPPED_BY_SIGKILL = 137;
  private static final double TOLERANCE = 1e-6;
  private static final Duration LIMIT = Duration.ofMinutes(4);
  private static final List<String> FEATURES =
      List.of("age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6");
  private static final JsonMapper JSON = JsonMapper.shared();

  @TempDir private static Path folder;

  private final Workspace workspace = Workspace.current();
  private final Path image = workspace.root().resolve("images/training");
  private final Path python = workspace.python("networks");
  private LocalTraining training;
  private EmbeddedAws aws;
  private JsonNode definition;
  private String bucket;
  private String jobRole;

  @BeforeAll
  void deployTheFleet() throws IOException {
    assertThat(python).as("missing: run tools/install networks").isExecutable();
    copyWhatTheDockerfileCopies();
    training = LocalTraining.of(synthesised(), folder);
    aws = training.aws();
    definition =
        training.readBack().values().stream()
            .filter(one -> one.path("type").asString().equals("AWS::Batch::JobDefinition"))
            .map(one -> one.at("/shown/containerProperties"))
            .findFirst()
            .orElseThrow();
    bucket = jobDefinition("any").get("MLINFRA_BUCKET");
    jobRole = definition.path("jobRoleArn").asString();
    putTheDataset();
    aws.enforceIam(true);
  }

  @AfterAll
  void leaveNothingBehind() {
    if (training != null) {
      training.close();
    }
  }

  @Test
  void aJobThatLosesItsMachineTwiceGivesWhatAnUndisturbedOneGives() throws Exception {
    Map<String, String> job = jobDefinition("lost-twice");

    int killed = runUntil(EPOCHS / 4, job, "first", Process::destroyForcibly);
    assertThat(killed).isEqualTo(STOPPED_BY_SIGKILL);

    int stopped = runUntil(EPOCHS / 2, job, "second", Process::destroy);
    assertThat(log("second")).contains("Going on from the checkpoint in s3://" + bucket);
    assertThat(log("second")).contains("stopped by SIGTERM in epoch");
    assertThat(stopped).as(log("second")).isEqualTo(STOPPED_BY_SIGTERM);
    assertThat(keys("models/")).isEmpty();
    assertThat(keys("checkpoints/lost-twice/"))
        .contains("checkpoints/lost-twice/latest.json")
        .hasSizeBetween(2, 4);

    assertThat(run(job, "third", configuration())).as(log("third")).isZero();
    assertThat(epochs("third").get(0)).isBetween(EPOCHS / 2, EPOCHS);
    assertThat(epochs("third")).last().isEqualTo(EPOCHS);
    byte[] resumed = object("models/" + COMMIT + "/model.onnx");
    JsonNode resumedMetrics = metrics();

    assertThat(run(jobDefinition("undisturbed"), "whole", configuration())).isZero();
    assertThat(epochs("whole")).hasSize(EPOCHS);
    byte[] whole = object("models/" + COMMIT + "/model.onnx");
    JsonNode wholeMetrics = metrics();

    for (String name : List.of("r2", "rmse", "validation_score")) {
      double one = resumedMetrics.path(name).asDouble();
      double other = wholeMetrics.path(name).asDouble();
      System.out.printf(
          Locale.ROOT, "%s: %.12f after two losses, %.12f undisturbed%n", name, one, other);
      assertThat(Math.abs(one - other)).as(name).isLessThan(TOLERANCE * Math.abs(other));
    }
    assertThat(resumedMetrics.path("r2").asDouble()).isGreaterThan(0.3);
    System.out.println("model.onnx has the same bytes: " + java.util.Arrays.equals(resumed, whole));
    assertThat(keys("models/"))
        .containsExactlyInAnyOrder(
            "models/" + COMMIT + "/baseline.json",
            "models/" + COMMIT + "/metrics.json",
            "models/" + COMMIT + "/model-card.json",
            "models/" + COMMIT + "/model.onnx",
            "models/" + COMMIT + "/scaler.json");
  }

  @Test
  void theRoleWritesNowhereElse() throws Exception {
    Map<String, String> role =
        aws.roleEnvironment(aws.assumeRole(jobRole, "ecs-tasks.amazonaws.com"));
    try (S3Client s3 = LocalS3.client(role)) {
      for (String key :
          List.of("datasets/x", "results/x", "models/x", "models/fedcba9876543210/x", "x")) {
        assertDenied(
            () -> s3.putObject(put -> put.bucket(bucket).key(key), RequestBody.fromString("x")));
      }
      assertDenied(() -> s3.getObject(get -> get.bucket(bucket).key("models/" + COMMIT + "/x")));
      assertDenied(() -> s3.listObjectsV2(list -> list.bucket(bucket)));
      assertDenied(() -> s3.deleteObject(delete -> delete.bucket(bucket).key("checkpoints/x")));
      // What is granted goes through, so the answers above are IAM's.
      s3.putObject(put -> put.bucket(bucket).key("checkpoints/x"), RequestBody.fromString("x"));
    }
    Map<String, String> job = jobDefinition("elsewhere");
    job.put("MLINFRA_MODELS", "s3://" + bucket + "/results/");
    Map<String, Object> configuration = configuration();
    configuration.put("hyperparameters", Map.of("epochs", 1));

    assertThat(run(job, "elsewhere", configuration)).as(log("elsewhere")).isEqualTo(3);

    assertThat(log("elsewhere"))
        .contains("PutObject s3://" + bucket + "/results/" + COMMIT + "/model.onnx failed")
        .contains("allow s3:PutObject on it for the role in use");
    assertThat(keys("results/")).isEmpty();
  }

  // ---- the job

  /** The variables of the job definition, as Batch shows it, and those that Batch gives. */
  private Map<String, String> jobDefinition(String jobId) {
    Map<String, String> variables = new TreeMap<>();
    definition
        .path("environment")
        .forEach(it -> variables.put(it.path("name").asString(), it.path("value").asString()));
    assertThat(variables).containsEntry("GIT_SHA", COMMIT);
    variables.put("AWS_BATCH_JOB_ID", jobId);
    variables.put("AWS_BATCH_JQ_NAME", "training");
    return variables;
  }

  private static Map<String, Object> configuration() {
    return new TreeMap<>(
        Map.of(
            "dataset_key",
            "datasets/diabetes.csv",
            "feature_columns",
            FEATURES,
            "target_column",
            "target",
            "model",
            "neural_network",
            "hyperparameters",
            Map.of("epochs", EPOCHS, "hidden", List.of(32), "dropout", 0.1)));
  }

  private int run(Map<String, String> job, String name, Map<String, Object> configuration)
      throws IOException, InterruptedException {
    Process process = start(job, name, configuration);
    return end(process);
  }

  private interface Ending {
    void of(Process process);
  }

  /** Runs until an epoch is written to the log, then ends the program. */
  private int runUntil(int epoch, Map<String, String> job, String name, Ending ending)
      throws IOException, InterruptedException {
    Process process = start(job, name, configuration());
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (process.isAlive()
        && System.nanoTime() < deadline
        && epochs(name).stream().noneMatch(it -> it >= epoch)) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
    assertThat(process.isAlive()).as("it ended too early: " + log(name)).isTrue();
    ending.of(process);
    return end(process);
  }

  private Process start(Map<String, String> job, String name, Map<String, Object> configuration)
      throws IOException {
    List<String> command =
        new ArrayList<>(List.of(JSON.readValue(instruction("ENTRYPOINT "), String[].class)));
    assertThat(command.get(0)).isEqualTo("python");
    command.set(0, python.toString());
    command.add(JSON.writeValueAsString(configuration));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.resolve("app").toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(name + ".log").toFile());
    builder.environment().clear();
    builder.environment().put("PATH", "/usr/bin:/bin");
    builder.environment().put("HOME", folder.toString());
    for (String variable : instruction("ENV ").split(" ", -1)) {
      String[] parts = variable.split("=", 2);
      builder.environment().put(parts[0], parts[1]);
    }
    builder
        .environment()
        .putAll(aws.roleEnvironment(aws.assumeRole(jobRole, "ecs-tasks.amazonaws.com")));
    builder.environment().putAll(job);
    return builder.start();
  }

  private static int end(Process process) throws InterruptedException {
    try {
      assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
      return process.exitValue();
    } finally {
      process.destroyForcibly();
    }
  }

  /** Numbers of the epochs in the metrics that a program wrote. */
  private static List<Integer> epochs(String name) {
    String text = log(name);
    return text.substring(0, text.lastIndexOf('\n') + 1)
        .lines()
        .filter(line -> line.startsWith("{\"_aws\""))
        .map(line -> JSON.readTree(line).path("epoch").asInt())
        .toList();
  }

  private static String log(String name) {
    try {
      return Files.readString(folder.resolve(name + ".log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // ---- the image

  private void copyWhatTheDockerfileCopies() throws IOException {
    Path app = Files.createDirectories(folder.resolve("app"));
    for (String line : lines()) {
      if (line.startsWith("COPY ")) {
        List<String> words = new ArrayList<>(List.of(line.split(" ", -1)));
        String target = words.remove(words.size() - 1);
        for (String source : words.subList(1, words.size())) {
          Path from = image.resolve(source);
          copy(from, Files.isDirectory(from) ? app.resolve(target) : app.resolve(source));
        }
      }
    }
    assertThat(app.resolve("train.py")).isRegularFile();
  }

  /** What the first instruction of a kind says. */
  private String instruction(String name) {
    return lines().stream()
        .filter(line -> line.startsWith(name))
        .findFirst()
        .orElseThrow()
        .substring(name.length());
  }

  private List<String> lines() {
    try {
      return Files.readString(image.resolve("Dockerfile")).replace("\\\n", " ").lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = to.resolve(from.relativize(file).toString()).normalize();
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
      }
    }
  }

  // ---- the account

  /** Its drill is bounded by tags of machines, which the emulator cannot decide. */
  private static Path synthesised() {
    return TrainingEnvironments.synthesised(
        TrainingEnvironments.changed(
            "public-ip",
            text ->
                text.replace("interruptionDrill: true", "interruptionDrill: false")
                    .replace("imageTag: 3f2c1ab", "imageTag: " + COMMIT)));
  }

  private void putTheDataset() {
    Path data = folder.resolve("data");
    new Program(
            "sample_dataset",
            List.of(
                python.toString(),
                "-B",
                image.resolve("sample_dataset.py").toString(),
                "--output",
                data.toString()),
            folder,
            folder.resolve("dataset.log"))
        .mustSucceed(Map.of(), LIMIT);
    try (S3Client s3 = LocalS3.client(aws)) {
      s3.putObject(
          put -> put.bucket(bucket).key("datasets/diabetes.csv"),
          RequestBody.fromFile(data.resolve("diabetes.csv")));
    }
  }

  private JsonNode metrics() {
    return JSON.readTree(new String(object("models/" + COMMIT + "/metrics.json"), UTF_8))
        .path("metrics");
  }

  private byte[] object(String key) {
    try (S3Client s3 = LocalS3.client(aws)) {
      return s3.getObjectAsBytes(get -> get.bucket(bucket).key(key)).asByteArray();
    }
  }

  private List<String> keys(String prefix) {
    try (S3Client s3 = LocalS3.client(aws)) {
      return s3.listObjectsV2(list -> list.bucket(bucket).prefix(prefix)).contents().stream()
          .map(S3Object::key)
          .toList();
    }
  }

  private static void assertDenied(Runnable request) {
    assertThatThrownBy(request::run)
        .isInstanceOf(S3Exception.class)
        .satisfies(e -> assertThat(((S3Exception) e).statusCode()).isEqualTo(403));
  }
}
