package dev.mlinfra.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/**
 * Follows the Dockerfile without Docker: copies what it copies, runs its RUN line, starts its
 * ENTRYPOINT with its CMD and gives the function an event over Lambda's Runtime API. Only {@code
 * /function} lies elsewhere.
 */
class PredictionImageIT {
  private static final Path MODULE =
      Path.of(System.getProperty("mlinfra.root"), "images/prediction");
  private static final String EVENT =
      "{\"model_bucket\":\"b\",\"model_key\":\"model.onnx\","
          + "\"data_bucket\":\"b\",\"data_key\":\"data.csv\",\"output_key\":\"results/out.csv\"}";

  @TempDir Path folder;
  private final Map<String, byte[]> objects = new ConcurrentHashMap<>();
  private final List<Instruction> instructions = read();
  private HttpServer s3;

  private record Instruction(String name, String text) {}

  @BeforeEach
  void start() throws IOException {
    s3 = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    s3.createContext("/", this::answer);
    s3.start();
    objects.put("/b/data.csv", "a,b\n1,2\n".getBytes(StandardCharsets.UTF_8));
    try (InputStream model =
        Class.forName("dev.mlinfra.image.Rehearsal").getResourceAsStream("rehearsal.onnx")) {
      objects.put("/b/model.onnx", model.readAllBytes());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  @AfterEach
  void stop() {
    s3.stop(0);
  }

  @Test
  void answersOnTheJdkOfTheBuild() throws Exception {
    buildAndInvoke(
        Path.of(System.getProperty("java.home")),
        Runtime.version().feature() >= 25 ? "classes.aot" : "classes.jsa");
  }

  @Test
  void answersOnJava25() throws Exception {
    Path jdks = Path.of(System.getProperty("java.home")).getParent();
    Optional<Path> java25 = jdk(jdks, 25);
    System.out.println("JDK 25 beside the build's JDK, in " + jdks + ": " + java25);
    assumeThat(java25).as("a JDK in %s whose release file says 25", jdks).isPresent();
    buildAndInvoke(java25.orElseThrow(), "classes.aot");
  }

  @Test
  void standsOnAnImageThatIsNamedByItsDigest() {
    assertThat(texts("FROM")).containsExactly("${BASE}@${BASE_DIGEST}");
    assertThat(texts("ARG"))
        .as("no default for the digest")
        .contains("BASE_DIGEST")
        .noneMatch(text -> text.startsWith("BASE_DIGEST="));
  }

  @Test
  void isNotRootAndFetchesNothing() {
    assertThat(texts("USER")).containsExactly("10001");
    assertThat(instructions.stream().map(Instruction::name).distinct())
        .containsExactly("ARG", "FROM", "COPY", "RUN", "USER", "ENTRYPOINT", "CMD");
    assertThat(texts("RUN")).hasSize(1);
  }

  private void buildAndInvoke(Path jdk, String archive) throws Exception {
    for (String copy : texts("COPY")) {
      String[] places = copy.split(" ", 2);
      copy(MODULE.resolve(places[0]), Path.of(inFolder(places[1])));
    }
    for (String run : texts("RUN")) {
      ProcessBuilder builder = new ProcessBuilder("sh", "-c", inFolder(run));
      Path log = folder.resolve("build.log");
      builder.redirectErrorStream(true).redirectOutput(log.toFile());
      builder.environment().clear();
      builder.environment().put("PATH", jdk.resolve("bin") + ":/usr/bin:/bin");
      Process process = builder.start();
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
      assertThat(process.exitValue()).as(Files.readString(log)).isZero();
    }
    assertThat(folder.resolve("function").resolve(archive)).isNotEmptyFile();
    invoke(jdk);
  }

  private void invoke(Path jdk) throws Exception {
    List<String> command = new ArrayList<>(words("ENTRYPOINT"));
    command.addAll(words("CMD"));
    command.set(0, jdk.resolve("bin").resolve(command.get(0)).toString());
    Path log = folder.resolve("log");
    Path classes = folder.resolve("classes.txt");
    try (RuntimeEndpoint runtime = new RuntimeEndpoint()) {
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
      Map<String, String> environment = builder.environment();
      environment.clear();
      environment.putAll(
          Map.of(
              "AWS_LAMBDA_RUNTIME_API", runtime.address(),
              "AWS_LAMBDA_FUNCTION_NAME", "predict",
              "AWS_REGION", "eu-west-1",
              "AWS_ACCESS_KEY_ID", "id",
              "AWS_SECRET_ACCESS_KEY", "secret",
              "AWS_ENDPOINT_URL", "http://127.0.0.1:" + s3.getAddress().getPort(),
              "MLINFRA_ALLOWED_BUCKETS", "b",
              "JAVA_TOOL_OPTIONS", "-Xlog:class+load:file=" + classes));
      CompletableFuture<RuntimeEndpoint.Result> result =
          runtime.submit(
              new RuntimeEndpoint.Work(
                  "r-1",
                  "arn:aws:lambda:eu-west-1:123456789012:function:predict",
                  Instant.now().plusSeconds(900),
                  EVENT));
      long start = System.nanoTime();
      Process process = builder.start();
      try {
        CompletableFuture.anyOf(result, process.onExit()).get(60, TimeUnit.SECONDS);
        System.out.printf(
            Locale.ROOT, "%s: answer after %.2f s%n", jdk, (System.nanoTime() - start) / 1e9);
      } finally {
        process.destroyForcibly().waitFor();
      }
      assertThat(result).as(Files.readString(log)).isCompleted();
      assertThat(result.join().body()).contains("\"statusCode\":200", "num_predictions");
    }
    assertThat(new String(objects.get("/b/results/out.csv"), StandardCharsets.UTF_8))
        .contains("a,b,prediction\n1,2,3.0\n");
    assertThat(log).content().doesNotContainIgnoringCase("warning");
    for (String type :
        List.of(
            "dev.mlinfra.handler.PredictionJob",
            "software.amazon.awssdk.services.s3.DefaultS3Client",
            "ai.onnxruntime.OrtSession",
            "com.amazonaws.services.lambda.runtime.api.client.AWSLambda")) {
      assertThat(Files.readAllLines(classes))
          .as("comes out of the archive")
          .anyMatch(
              line -> line.contains(" " + type + " source:") && line.contains("shared objects"));
    }
  }

  private List<String> words(String instruction) {
    return Stream.of(JsonMapper.shared().readValue(texts(instruction).get(0), String[].class))
        .map(this::inFolder)
        .toList();
  }

  private String inFolder(String text) {
    return text.replace("/function", folder + "/function");
  }

  private List<String> texts(String name) {
    return instructions.stream()
        .filter(instruction -> instruction.name().equals(name))
        .map(Instruction::text)
        .toList();
  }

  private static List<Instruction> read() {
    try {
      return Files.readString(MODULE.resolve("Dockerfile"))
          .replace("\\\n", " ")
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(line -> line.split(" ", 2))
          .map(parts -> new Instruction(parts[0], parts[1].strip()))
          .toList();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
      }
    }
  }

  private static Optional<Path> jdk(Path folder, int version) throws IOException {
    try (Stream<Path> jdks = Files.list(folder)) {
      return jdks.filter(jdk -> isVersion(jdk.resolve("release"), version)).findFirst();
    }
  }

  private static boolean isVersion(Path release, int version) {
    try {
      return Files.isRegularFile(release)
          && Files.readString(release).contains("JAVA_VERSION=\"" + version);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Answers as S3 does. */
  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      byte[] sent = exchange.getRequestBody().readAllBytes();
      byte[] content = objects.get(path);
      exchange.getResponseHeaders().set("ETag", "\"etag\"");
      if (exchange.getRequestMethod().equals("PUT")) {
        objects.put(path, sent);
        exchange.sendResponseHeaders(200, -1);
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
