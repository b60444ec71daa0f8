package dev.mlinfra.prediction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Unpacks the archives as Lambda does and runs the handler in a JVM that has nothing else, with the
 * environment that the function gets: nothing is missing, and the settings are right.
 */
class UnpackedArchivesIT {
  private static final String DATA = "a,b\n1,2\n3.5,4\n";
  private static final String OUTPUT = "a,b,prediction\n1,2,3.0\n3.5,4,7.5\n";
  private static final String SCALER =
      "{\"format\":\"mlinfra/scaler/v1\",\"feature_names\":[\"a\",\"b\"],"
          + "\"mean\":[0,0],\"scale\":[1,1]}";

  @TempDir Path folder;
  private final Map<String, byte[]> objects = new ConcurrentHashMap<>();
  private HttpServer s3;
  private PredictionAssets assets;

  @BeforeEach
  void start() throws IOException {
    s3 = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    s3.createContext("/", this::answer);
    s3.start();
    assets = PredictionAssets.load(folder.resolve("cache"));
    unpack(assets.function(), folder.resolve("task"));
    unpack(assets.layer(), folder.resolve("opt"));
    Files.createDirectory(folder.resolve("tmp"));
    Files.writeString(folder.resolve("data.csv"), DATA);
    Files.writeString(folder.resolve("scaler.json"), SCALER);
    objects.put("/b/data.csv", DATA.getBytes(StandardCharsets.UTF_8));
    objects.put("/b/scaler.json", SCALER.getBytes(StandardCharsets.UTF_8));
    objects.put("/b/model.onnx", Files.readAllBytes(testFile("model.onnx")));
  }

  @AfterEach
  void stop() {
    s3.stop(0);
  }

  @Test
  void predictsOnTheJdkOfTheBuild() throws Exception {
    predict(Path.of(System.getProperty("java.home")));
  }

  @Test
  void predictsOnJava25() throws Exception {
    Path jdks = Path.of(System.getProperty("java.home")).getParent();
    Optional<Path> java25 = jdk(jdks, 25);
    System.out.println("JDK 25 beside the build's JDK, in " + jdks + ": " + java25);
    assumeThat(java25).as("a JDK in %s whose release file says 25", jdks).isPresent();
    predict(java25.orElseThrow());
  }

  @Test
  void answersWhenTheNativeLibraryIsMissing() throws Exception {
    Files.delete(folder.resolve("opt/lib/libonnxruntime.so"));

    assertThat(run(Path.of(System.getProperty("java.home")), assets.handler()))
        .isEqualTo(
            "answer: {statusCode=500, body={\"code\":\"INTERNAL\",\"error\":\"a fault of the"
                + " function itself, not of the event; its log names the cause\"}}");
    assertThat(folder.resolve("log"))
        .content()
        .contains("\"code\":\"INTERNAL\",\"cause\":\"java.lang.")
        .doesNotContain("Exception in thread");
  }

  private void predict(Path jdk) throws Exception {
    Path output = folder.resolve("out.csv");
    String answer =
        run(
            jdk,
            assets.handler(),
            testFile("model.onnx").toString(),
            folder.resolve("scaler.json").toString(),
            folder.resolve("data.csv").toString(),
            output.toString());

    assertThat(answer).startsWith("answer: {statusCode=200, body=");
    assertThat(folder.resolve("log"))
        .content()
        .contains("rows: 2", "\"event\":\"prediction\"")
        .doesNotContainIgnoringCase("warning")
        .doesNotContain("SLF4J");
    assertThat(output).hasContent(OUTPUT);
    // As the SDK sent it, so between the marks of its chunks.
    assertThat(new String(objects.get("/b/results/out.csv"), StandardCharsets.UTF_8))
        .contains(OUTPUT);
    try (Stream<Path> left = Files.list(folder.resolve("tmp"))) {
      assertThat(left).as("ONNX Runtime's library comes from the layer").isEmpty();
    }
  }

  /** Runs the probe and returns the last line that it printed. */
  private String run(Path jdk, String... arguments) throws Exception {
    Path log = folder.resolve("log");
    List<String> command = new ArrayList<>();
    command.add(jdk.resolve("bin/java").toString());
    command.addAll(
        List.of(
            "-Djava.io.tmpdir=" + folder.resolve("tmp"),
            "-Xmx64m",
            "-cp",
            folder.resolve("task") + ":" + folder.resolve("opt/java/lib/*"),
            testFile("HandlerProbe.java").toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    Map<String, String> environment = builder.environment();
    environment.clear();
    assets
        .environment()
        .forEach((name, value) -> environment.put(name, value.replace("/opt", folder + "/opt")));
    environment.putAll(
        Map.of(
            "AWS_REGION", "eu-west-1",
            "AWS_ACCESS_KEY_ID", "id",
            "AWS_SECRET_ACCESS_KEY", "secret",
            "AWS_ENDPOINT_URL_S3", "http://127.0.0.1:" + s3.getAddress().getPort(),
            "MLINFRA_ALLOWED_BUCKETS", "b"));
    Process process = builder.start();
    try {
      assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }

    List<String> lines = Files.readAllLines(log);
    assertThat(process.exitValue()).as("%s", lines).isZero();
    return lines.get(lines.size() - 1);
  }

  /** Answers the handler's requests as S3 does. */
  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      byte[] sent = exchange.getRequestBody().readAllBytes();
      byte[] content = objects.get(path);
      if (exchange.getRequestMethod().equals("PUT")) {
        objects.put(path, sent);
        exchange.sendResponseHeaders(200, -1);
      } else if (content == null) {
        exchange.sendResponseHeaders(404, -1);
      } else if (exchange.getRequestMethod().equals("HEAD")) {
        exchange.getResponseHeaders().set("ETag", "\"etag\"");
        exchange.getResponseHeaders().set("Content-Length", Integer.toString(content.length));
        exchange.sendResponseHeaders(200, -1);
      } else {
        exchange.sendResponseHeaders(200, content.length);
        exchange.getResponseBody().write(content);
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
      return Files.exists(release)
          && Files.readString(release).contains("JAVA_VERSION=\"" + version);
    } catch (IOException e) {
      return false;
    }
  }

  private static void unpack(Path archive, Path into) throws IOException {
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      for (ZipEntry entry : zip.stream().filter(e -> !e.isDirectory()).toList()) {
        Path file = into.resolve(entry.getName());
        Files.createDirectories(file.getParent());
        Files.copy(zip.getInputStream(entry), file);
      }
    }
  }

  private static Path testFile(String name) throws IOException {
    try {
      return Path.of(
          Objects.requireNonNull(UnpackedArchivesIT.class.getResource("/" + name), name).toURI());
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
  }
}
