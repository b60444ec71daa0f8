package dev.mlinfra.benchmarks;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * How long the prediction function takes from the start of its JVM to the loaded model and to its
 * first answer: plain, and with an archive of its classes as the container image has. It runs as on
 * Lambda: the unpacked archives, their environment, S3 on the loopback address. Ends with an error
 * over budget.
 */
public final class StartUpBenchmark {
  private static final int RUNS = 7;
  private static final double PLAIN = 1.5;
  private static final double ARCHIVED = 0.7;
  private static final int READY = 2;
  private static final String SCALER =
      "{\"format\":\"mlinfra/scaler/v1\",\"feature_names\":[\"a\",\"b\"],"
          + "\"mean\":[0,0],\"scale\":[1,1]}";

  /** The JVM's file of performance data, which the image does without. */
  private static final String NO_FILE = "-XX:-UsePerfData";

  private final Map<String, byte[]> objects = new ConcurrentHashMap<>();
  private final Path folder;
  private HttpServer s3;

  /** How the function is started, and how long that may take. */
  private record Way(String name, Path jdk, List<String> options, double budget) {}

  private StartUpBenchmark(Path folder) {
    this.folder = folder;
  }

  /** Runs everything. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("mlinfra-start-up");
    boolean withinBudget;
    try {
      withinBudget = new StartUpBenchmark(folder).run();
    } finally {
      Benchmarks.delete(folder);
    }
    System.exit(withinBudget ? 0 : 1);
  }

  private boolean run() throws IOException, InterruptedException {
    UnpackedFunction function =
        UnpackedFunction.in(
            folder, List.of(StartUpRun.class, StartUpRun.Watch.class, StartUpRun.Call.class));
    objects.put("/b/data.csv", bytes("a,b\n1,2\n3.5,4\n"));
    objects.put("/b/scaler.json", bytes(SCALER));
    objects.put(
        "/b/model.onnx",
        Files.readAllBytes(
            Path.of(System.getProperty("mlinfra.root"))
                .resolve("lambda-handler/src/test/resources/models/sum.onnx")));
    s3 = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    s3.createContext("/", this::answer);
    s3.start();
    try {
      return compare(function);
    } finally {
      s3.stop(0);
    }
  }

  private boolean compare(UnpackedFunction function) throws IOException, InterruptedException {
    String classPath = function.classPath();
    Map<String, String> environment = new LinkedHashMap<>(function.environment());
    environment.put("AWS_REGION", "eu-west-1");
    environment.put("AWS_ACCESS_KEY_ID", "id");
    environment.put("AWS_SECRET_ACCESS_KEY", "secret");
    environment.put("AWS_ENDPOINT_URL", "http://127.0.0.1:" + s3.getAddress().getPort());
    environment.put("MLINFRA_ALLOWED_BUCKETS", "b");
    List<Way> ways = new ArrayList<>();
    Path jdk = Path.of(System.getProperty("java.home"));
    ways.add(new Way("plain", jdk, List.of(), PLAIN));
    ways.add(archived(jdk, environment, classPath));
    Optional<Path> java25 = java25(jdk);
    if (java25.isPresent()) {
      ways.add(cached(java25.get(), environment, classPath));
    } else {
      System.out.println("no JDK 25 beside " + jdk + ": its AOT cache is not measured");
    }
    Map<Way, List<List<Double>>> seconds = new LinkedHashMap<>();
    for (int run = 0; run < RUNS; run++) {
      for (Way way : ways) {
        seconds
            .computeIfAbsent(way, w -> new ArrayList<>())
            .add(start(way.jdk(), environment, classPath, way.options()));
      }
    }
    System.out.printf(
        Locale.ROOT,
        "start of the prediction function, medians of %d interleaved runs, %d processors%n"
            + "  %-36s client  object   model  answer%n",
        RUNS,
        Runtime.getRuntime().availableProcessors(),
        "seconds since the start");
    return seconds.entrySet().stream()
        .map(way -> print(way.getKey(), way.getValue()))
        .reduce(true, Boolean::logicalAnd);
  }

  /** As the container image does before JDK 25. */
  private Way archived(Path jdk, Map<String, String> environment, String classPath)
      throws IOException, InterruptedException {
    Path archive = folder.resolve("classes.jsa");
    start(jdk, environment, classPath, List.of("-XX:ArchiveClassesAtExit=" + archive));
    return new Way(
        "with a CDS archive", jdk, List.of("-XX:SharedArchiveFile=" + archive, NO_FILE), ARCHIVED);
  }

  /** As the container image does from JDK 25 on. */
  private Way cached(Path jdk, Map<String, String> environment, String classPath)
      throws IOException, InterruptedException {
    Path cache = folder.resolve("classes.aot");
    start(jdk, environment, classPath, List.of("-XX:AOTCacheOutput=" + cache));
    return new Way("with an AOT cache", jdk, List.of("-XX:AOTCache=" + cache, NO_FILE), ARCHIVED);
  }

  private static Optional<Path> java25(Path jdk) throws IOException {
    try (Stream<Path> jdks = Files.list(jdk.getParent())) {
      return jdks.filter(StartUpBenchmark::isJava25).findFirst();
    }
  }

  private static boolean isJava25(Path jdk) {
    Path release = jdk.resolve("release");
    try {
      return Files.exists(release) && Files.readString(release).contains("JAVA_VERSION=\"25");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean print(Way way, List<List<Double>> runs) {
    boolean good = median(runs, READY) <= way.budget();
    System.out.printf(
        Locale.ROOT,
        "  %-36s %6.2f  %6.2f  %6.2f  %6.2f   (budget of the model %.1f s)%s%n",
        way.jdk().getFileName() + " " + way.name(),
        median(runs, 0),
        median(runs, 1),
        median(runs, READY),
        median(runs, 3),
        way.budget(),
        good ? "" : "  OVER BUDGET");
    return good;
  }

  /** Seconds from the start of a process to each stage. */
  private List<Double> start(
      Path jdk, Map<String, String> environment, String classPath, List<String> options)
      throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(options);
    arguments.addAll(List.of("-cp", classPath, StartUpRun.class.getName()));
    long start = System.currentTimeMillis();
    List<String> lines = run(jdk, environment, arguments);
    return lines.stream()
        .filter(line -> line.matches("\\d+")) // the JVM also tells of its archive
        .map(line -> (Long.parseLong(line) - start) / 1e3)
        .toList();
  }

  /** Runs Java and returns the lines that it printed. */
  private List<String> run(Path jdk, Map<String, String> environment, List<String> arguments)
      throws IOException, InterruptedException {
    Path output = folder.resolve("output");
    Path log = folder.resolve("log");
    List<String> command = new ArrayList<>();
    command.add(jdk.resolve("bin/java").toString());
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(output.toFile()).redirectError(log.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    int exitCode = builder.start().waitFor();
    if (exitCode != 0) {
      throw new IllegalStateException(
          "the function failed:\n" + Files.readString(output) + Files.readString(log));
    }
    return Files.readAllLines(output);
  }

  private static double median(List<List<Double>> runs, int stage) {
    return runs.stream()
        .map(run -> run.get(stage))
        .sorted()
        .skip(runs.size() / 2)
        .findFirst()
        .orElseThrow();
  }

  /** Answers as S3 does. */
  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
      byte[] content = objects.get(path);
      exchange.getResponseHeaders().set("ETag", "\"etag\"");
      switch (exchange.getRequestMethod()) {
        case "PUT" -> exchange.sendResponseHeaders(200, -1);
        case "HEAD" -> {
          exchange.getResponseHeaders().set("Content-Length", Integer.toString(content.length));
          exchange.sendResponseHeaders(200, -1);
        }
        default -> {
          exchange.sendResponseHeaders(200, content.length);
          exchange.getResponseBody().write(content);
        }
      }
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
