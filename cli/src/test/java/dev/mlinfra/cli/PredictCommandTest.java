package dev.mlinfra.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code mlinfra predict}, on files and on S3's protocol, in a process that has credentials. */
class PredictCommandTest {
  private static final String SUM =
      Path.of(System.getProperty("mlinfra.root"), "lambda-handler/src/test/resources/models")
          .resolve("sum.onnx")
          .toString();

  @TempDir Path folder;
  private final Map<String, byte[]> objects = new ConcurrentHashMap<>();
  private final List<String> keys = new ArrayList<>();
  private HttpServer s3;
  private Path data;
  private Path output;

  @BeforeEach
  void start() throws IOException {
    s3 = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    s3.createContext("/", this::answer);
    s3.start();
    data = Files.writeString(folder.resolve("data.csv"), "a,b\n1,2\n3.5,4\n");
    output = folder.resolve("out.csv");
    objects.put("/ml/data.csv", Files.readAllBytes(data));
    objects.put("/ml/sum.onnx", Files.readAllBytes(Path.of(SUM)));
  }

  @AfterEach
  void stop() {
    s3.stop(0);
  }

  @Test
  void predictsFromS3ToS3WithTheCredentialsOfTheEnvironment() throws Exception {
    CommandRun run =
        onS3("--model", "s3://ml/sum.onnx", "--data", "s3://ml/data.csv", "--output", "s3://ml/o");

    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).matches("2 rows in [0-9.]+ s, [0-9,]+ rows/s, written to s3://ml/o\n");
    // As the SDK sent it, so between the marks of its chunks.
    assertThat(new String(objects.get("/ml/o"), StandardCharsets.UTF_8))
        .contains("a,b,prediction\n1,2,3.0\n3.5,4,7.5\n");
    assertThat(keys).isNotEmpty().allMatch(header -> header.contains("Credential=AKID/"));
  }

  @Test
  void mixesFilesAndObjects() throws Exception {
    CommandRun run =
        onS3("--model", SUM, "--data", "s3://ml/data.csv", "--output", output.toString());

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(output).hasContent("a,b,prediction\n1,2,3.0\n3.5,4,7.5\n");
  }

  @Test
  void anObjectThatIsNotThereIsWrongInput() throws Exception {
    CommandRun run = onS3("--model", SUM, "--data", "s3://ml/x", "--output", output.toString());

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).startsWith("mlinfra: OBJECT_NOT_FOUND: there is no object ml/x");
    assertThat(output).doesNotExist();
  }

  @Test
  void s3ThatCannotBeReachedIsAnEnvironmentThatCannotBeUsed() throws Exception {
    s3.stop(0);
    CommandRun run = onS3("--model", SUM, "--data", "s3://ml/x", "--output", output.toString());

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err()).startsWith("mlinfra: STORE_FAILED").doesNotContain("\tat ");
  }

  @Test
  void namesWhatIsMissingWithoutARegionOrCredentials() throws Exception {
    CommandRun region =
        inProcess(Map.of(), "--model", SUM, "--data", "s3://ml/x", "--output", output.toString());
    assertThat(region.exitCode()).isEqualTo(3);
    assertThat(region.err()).contains("CONFIG_INVALID: no connection to S3", "Set AWS_REGION");

    CommandRun credentials =
        inProcess(
            Map.of("AWS_REGION", "eu-west-1"),
            "--model",
            SUM,
            "--data",
            "s3://ml/x",
            "--output",
            output.toString());
    assertThat(credentials.exitCode()).isEqualTo(3);
    assertThat(credentials.err()).contains("Unable to load credentials");
  }

  @Test
  void tellsTheResultAsJson() {
    CommandRun run =
        CommandRun.of(
            "predict",
            "--model",
            SUM,
            "--data",
            data.toString(),
            "--output",
            output.toString(),
            "--format",
            "json");

    JsonNode report = JsonMapper.shared().readTree(run.out());
    assertThat(report.path("schema").asString()).isEqualTo("mlinfra/prediction/v1");
    assertThat(report.path("rows").asInt()).isEqualTo(2);
    assertThat(report.path("seconds").asDouble()).isPositive();
    assertThat(report.path("rows_per_second").asLong()).isPositive();
    assertThat(report.path("bytes_in").asLong()).isEqualTo(data.toFile().length());
    assertThat(report.path("bytes_out").asLong()).isEqualTo(output.toFile().length());
    assertThat(report.path("output").asString()).isEqualTo(output.toString());
    assertThat(report.at("/features/a/max").asDouble()).isEqualTo(3.5);
    assertThat(run.err()).isEmpty();
  }

  @Test
  void takesMissingValuesAsAsked() throws IOException {
    Files.writeString(data, "a,b\n,2\n");
    String[] arguments = {
      "predict", "--model", SUM, "--data", data.toString(), "--output", output.toString()
    };
    CommandRun refused = CommandRun.of(arguments);
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err()).contains("VALUE_MISSING");

    List<String> allowed = new ArrayList<>(List.of(arguments));
    allowed.addAll(List.of("--missing-values", "nan"));
    assertThat(CommandRun.of(allowed.toArray(String[]::new)).exitCode()).isZero();
    assertThat(output).hasContent("a,b,prediction\n,2,NaN\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3://", "s3://bucket", "s3://bucket/", "s3:///key"})
  void namesAPlaceThatIsNone(String place) {
    CommandRun run =
        CommandRun.of("predict", "--model", SUM, "--data", place, "--output", output.toString());
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .contains(
            "'" + place + "' names no object; allowed: s3://bucket/key, or the path of a file");
  }

  private CommandRun onS3(String... arguments) throws Exception {
    return inProcess(
        Map.of(
            "AWS_ENDPOINT_URL", "http://127.0.0.1:" + s3.getAddress().getPort(),
            "AWS_REGION", "eu-west-1",
            "AWS_ACCESS_KEY_ID", "AKID",
            "AWS_SECRET_ACCESS_KEY", "secret"),
        arguments);
  }

  private CommandRun inProcess(Map<String, String> environment, String... arguments)
      throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "-Duser.home=" + folder));
    command.addAll(List.of(Mlinfra.class.getName(), "predict"));
    command.addAll(List.of(arguments));
    Path out = folder.resolve("stdout");
    Path err = folder.resolve("stderr");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().clear();
    builder.environment().put("AWS_EC2_METADATA_DISABLED", "true");
    builder.environment().putAll(environment);
    int exitCode = builder.start().waitFor();
    return new CommandRun(exitCode, Files.readString(out), Files.readString(err));
  }

  /** Answers the handler's requests as S3 does. */
  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      keys.add(exchange.getRequestHeaders().getFirst("Authorization"));
      String path = exchange.getRequestURI().getPath();
      byte[] sent = exchange.getRequestBody().readAllBytes();
      byte[] content = objects.get(path);
      exchange.getResponseHeaders().set("ETag", "\"etag\"");
      if (exchange.getRequestMethod().equals("PUT")) {
        objects.put(path, sent);
        exchange.sendResponseHeaders(200, -1);
      } else if (content == null) {
        exchange.sendResponseHeaders(404, -1);
      } else if (exchange.getRequestMethod().equals("HEAD")) {
        exchange.getResponseHeaders().set("Content-Length", Integer.toString(content.length));
        exchange.sendResponseHeaders(200, -1);
      } else {
        exchange.sendResponseHeaders(200, content.length);
        exchange.getResponseBody().write(content);
      }
    }
  }
}
