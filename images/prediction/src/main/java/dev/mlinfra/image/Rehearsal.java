package dev.mlinfra.image;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Starts the function as the image will, gives it one call, and keeps an archive of the classes
 * that it loaded: an AOT cache from JDK 25 on, a CDS archive before. Runs while the image is built;
 * reaches nothing outside.
 *
 * <p>Lambda's Runtime API and S3 are played on the loopback address, by as much of them as one call
 * needs. The JVM's options for the image are left in {@code java.args}.
 */
public final class Rehearsal {
  private static final String RUNTIME_CLIENT =
      "com.amazonaws.services.lambda.runtime.api.client.AWSLambda";
  private static final String HANDLER = "dev.mlinfra.handler.PredictionHandler::handleRequest";
  private static final String RUNTIME_API = "/2018-06-01/runtime/";
  private static final String EVENT =
      "{\"model_bucket\":\"b\",\"model_key\":\"model.onnx\",\"scaler_key\":\"scaler.json\","
          + "\"data_bucket\":\"b\",\"data_key\":\"data.csv\",\"output_key\":\"results/out.csv\"}";
  private static final String SCALER =
      "{\"format\":\"mlinfra/scaler/v1\",\"feature_names\":[\"a\",\"b\"],"
          + "\"mean\":[0,0],\"scale\":[1,1]}";
  private static final String DATA = "a,b\n1,2\n3.5,4\n";
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final Path folder;
  private final Map<String, byte[]> objects;
  private final AtomicInteger asked = new AtomicInteger();
  private final CompletableFuture<String> answer = new CompletableFuture<>();

  private Rehearsal(Path folder, byte[] model) {
    this.folder = folder;
    this.objects =
        Map.of(
            "/b/model.onnx", model,
            "/b/scaler.json", SCALER.getBytes(StandardCharsets.UTF_8),
            "/b/data.csv", DATA.getBytes(StandardCharsets.UTF_8));
  }

  /** Takes the folder that holds {@code prediction.jar}, {@code lib} and {@code native}. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    try (InputStream model = Rehearsal.class.getResourceAsStream("rehearsal.onnx")) {
      new Rehearsal(Path.of(arguments[0]).toAbsolutePath(), model.readAllBytes()).run();
    }
  }

  private void run() throws IOException, InterruptedException {
    boolean cache = Runtime.version().feature() >= 25;
    Path archive = folder.resolve(cache ? "classes.aot" : "classes.jsa");
    Path options = folder.resolve("java.args");
    Files.write(options, options());
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    ExecutorService threads = Executors.newCachedThreadPool();
    server.setExecutor(threads);
    server.createContext(RUNTIME_API, this::runtimeApi);
    server.createContext("/b/", this::s3);
    server.start();
    try {
      String option = cache ? "-XX:AOTCacheOutput=" : "-XX:ArchiveClassesAtExit=";
      play(List.of(option + archive, "@" + options), "127.0.0.1:" + server.getAddress().getPort());
    } finally {
      server.stop(0);
      threads.shutdownNow();
    }
    if (!Files.isRegularFile(archive)) {
      throw new IllegalStateException("this JVM wrote no " + archive + "; take another base image");
    }
    String use = (cache ? "-XX:AOTCache=" : "-XX:SharedArchiveFile=") + archive;
    Files.writeString(options, use + "\n", StandardOpenOption.APPEND);
    System.out.printf("%s: %,d bytes%n", archive, Files.size(archive));
  }

  private List<String> options() {
    return List.of(
        "-cp " + folder.resolve("prediction.jar"),
        "-Donnxruntime.native.path=" + folder.resolve("native"),
        "--enable-native-access=ALL-UNNAMED",
        "-XX:+UseSerialGC",
        "-XX:-UsePerfData", // nobody attaches, and it is a file in /tmp
        // The rest is for ONNX Runtime and buffers, which lie outside the heap.
        "-XX:MaxRAMPercentage=70");
  }

  private void play(List<String> options, String address) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of(RUNTIME_CLIENT, HANDLER));
    ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
    builder
        .environment()
        .putAll(
            Map.of(
                "AWS_LAMBDA_RUNTIME_API", address,
                "AWS_LAMBDA_FUNCTION_NAME", "rehearsal",
                "_HANDLER", HANDLER,
                "AWS_REGION", "us-east-1",
                "AWS_ACCESS_KEY_ID", "none",
                "AWS_SECRET_ACCESS_KEY", "none",
                "AWS_ENDPOINT_URL", "http://" + address,
                "MLINFRA_ALLOWED_BUCKETS", "b"));
    Process function = builder.start();
    try {
      CompletableFuture.anyOf(answer, function.onExit()).get(LIMIT.toSeconds(), TimeUnit.SECONDS);
      String said = answer.getNow("nothing and ended");
      if (!said.contains("\"statusCode\":200")) {
        throw new IllegalStateException("the function answered " + said);
      }
      // Asked to end, it writes the archive; killed, it would not.
      function.destroy();
      if (!function.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        throw new IllegalStateException("the function did not end within " + LIMIT);
      }
    } catch (TimeoutException | ExecutionException e) {
      throw new IllegalStateException("the function did not answer within " + LIMIT, e);
    } finally {
      function.destroyForcibly();
    }
  }

  private void runtimeApi(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] sent = exchange.getRequestBody().readAllBytes();
      if (exchange.getRequestMethod().equals("POST")) {
        exchange.sendResponseHeaders(202, -1);
        answer.complete(new String(sent, StandardCharsets.UTF_8));
      } else if (asked.getAndIncrement() == 0) {
        var headers = exchange.getResponseHeaders();
        headers.set("Content-Type", "application/json"); // without it the client crashes
        headers.set("Lambda-Runtime-Aws-Request-Id", "rehearsal");
        headers.set(
            "Lambda-Runtime-Deadline-Ms", Long.toString(Instant.now().plus(LIMIT).toEpochMilli()));
        headers.set(
            "Lambda-Runtime-Invoked-Function-Arn",
            "arn:aws:lambda:us-east-1:123456789012:function:rehearsal");
        send(exchange, EVENT.getBytes(StandardCharsets.UTF_8));
      } else {
        waitForEver();
      }
    }
  }

  /** There is no second call; the function waits for it until it is ended. */
  private static void waitForEver() {
    try {
      Thread.sleep(LIMIT.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void s3(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      byte[] content = objects.get(exchange.getRequestURI().getPath());
      exchange.getResponseHeaders().set("ETag", "\"rehearsal\"");
      if (exchange.getRequestMethod().equals("PUT")) {
        exchange.sendResponseHeaders(200, -1);
      } else if (exchange.getRequestMethod().equals("HEAD")) {
        exchange.getResponseHeaders().set("Content-Length", Integer.toString(content.length));
        exchange.sendResponseHeaders(200, -1);
      } else {
        send(exchange, content);
      }
    }
  }

  private static void send(HttpExchange exchange, byte[] content) throws IOException {
    exchange.sendResponseHeaders(200, content.length);
    exchange.getResponseBody().write(content);
  }
}
