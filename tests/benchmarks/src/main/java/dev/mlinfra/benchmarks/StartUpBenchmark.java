package dev.mlinfra.benchmarks;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.mlinfra.prediction.PredictionAssets;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
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
import java.util.concurrent.ConcurrentHashMap;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * How long the prediction function takes from the start of its JVM to the loaded model and to its
 * first answer, with and without an archive of its classes. It runs as on Lambda: the unpacked
 * archives, their environment, S3 on the loopback address. Ends with an error over budget.
 */
public final class StartUpBenchmark {
  private static final int RUNS = 7;
  private static final double PLAIN = 1.5;
  private static final double ARCHIVED = 0.7;
  private static final int READY = 2;
  private static final String SCALER =
      "{\"format\":\"mlinfra/scaler/v1\",\"feature_names\":[\"a\",\"b\"],"
          + "\"mean\":[0,0],\"scale\":[1,1]}";

  private final Map<String, byte[]> objects = new ConcurrentHashMap<>();
  private final Path folder;
  private HttpServer s3;

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
    PredictionAssets assets = PredictionAssets.load();
    Path opt = folder.resolve("opt");
    unpack(assets.layer(), opt);
    Path program = folder.resolve("program.jar");
    writeProgram(program);
    // As jars, because an archive of classes takes no folders.
    Path function = Files.copy(assets.function(), folder.resolve("function.jar"));
    String classPath = program + ":" + function + ":" + jars(opt.resolve("java/lib"));
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
      return compare(assets, opt, classPath);
    } finally {
      s3.stop(0);
    }
  }

  private boolean compare(PredictionAssets assets, Path opt, String classPath)
      throws IOException, InterruptedException {
    Path archive = folder.resolve("classes.jsa");
    Map<String, String> environment = new LinkedHashMap<>();
    assets
        .environment()
        .forEach((name, value) -> environment.put(name, value.replace("/opt/", opt + "/")));
    environment.put("AWS_REGION", "eu-west-1");
    environment.put("AWS_ACCESS_KEY_ID", "id");
    environment.put("AWS_SECRET_ACCESS_KEY", "secret");
    environment.put("AWS_ENDPOINT_URL", "http://127.0.0.1:" + s3.getAddress().getPort());
    environment.put("MLINFRA_ALLOWED_BUCKETS", "b");
    start(environment, classPath, "-XX:ArchiveClassesAtExit=" + archive);

    Map<String, List<List<Double>>> seconds = new LinkedHashMap<>();
    seconds.put("plain", new ArrayList<>());
    seconds.put("with an archive of classes", new ArrayList<>());
    for (int run = 0; run < RUNS; run++) {
      seconds.get("plain").add(start(environment, classPath, "-Xshare:auto"));
      seconds
          .get("with an archive of classes")
          .add(start(environment, classPath, "-XX:SharedArchiveFile=" + archive));
    }
    System.out.printf(
        Locale.ROOT,
        "start of the prediction function, medians of %d interleaved runs, %d processors, Java %s,"
            + " archive %.1f MB%n  %-28s client  object   model  answer%n",
        RUNS,
        Runtime.getRuntime().availableProcessors(),
        Runtime.version(),
        Files.size(archive) / 1e6,
        "seconds since the start");
    boolean plain = print("plain", seconds.get("plain"), PLAIN);
    String archived = "with an archive of classes";
    return print(archived, seconds.get(archived), ARCHIVED) && plain;
  }

  private static boolean print(String what, List<List<Double>> runs, double budget) {
    boolean good = median(runs, READY) <= budget;
    System.out.printf(
        Locale.ROOT,
        "  %-28s %6.2f  %6.2f  %6.2f  %6.2f   (budget of the model %.1f s)%s%n",
        what,
        median(runs, 0),
        median(runs, 1),
        median(runs, READY),
        median(runs, 3),
        budget,
        good ? "" : "  OVER BUDGET");
    return good;
  }

  /** Seconds from the start of a process to each stage. */
  private List<Double> start(Map<String, String> environment, String classPath, String option)
      throws IOException, InterruptedException {
    Path output = folder.resolve("output");
    Path log = folder.resolve("log");
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                option,
                "-Xlog:cds=off",
                "-Xlog:cds+dynamic=off",
                "-cp",
                classPath,
                StartUpRun.class.getName())
            .redirectOutput(output.toFile())
            .redirectError(log.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    long start = System.currentTimeMillis();
    int exitCode = builder.start().waitFor();
    if (exitCode != 0) {
      throw new IllegalStateException(
          "the function failed:\n" + Files.readString(output) + Files.readString(log));
    }
    return Files.readAllLines(output).stream()
        .map(line -> (Long.parseLong(line) - start) / 1e3)
        .toList();
  }

  private static double median(List<List<Double>> runs, int stage) {
    return runs.stream()
        .map(run -> run.get(stage))
        .sorted()
        .skip(runs.size() / 2)
        .findFirst()
        .orElseThrow();
  }

  /** The measuring program in a jar of its own. */
  private static void writeProgram(Path jar) throws IOException {
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      for (String type : List.of("StartUpRun", "StartUpRun$Watch", "StartUpRun$Call")) {
        out.putNextEntry(new ZipEntry("dev/mlinfra/benchmarks/" + type + ".class"));
        try (InputStream in = StartUpRun.class.getResourceAsStream(type + ".class")) {
          in.transferTo(out);
        }
      }
    }
  }

  private static String jars(Path folder) throws IOException {
    try (Stream<Path> jars = Files.list(folder)) {
      return String.join(":", jars.map(Path::toString).sorted().toList());
    }
  }

  private static void unpack(Path archive, Path into) throws IOException {
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      for (ZipEntry entry : zip.stream().filter(e -> !e.isDirectory()).toList()) {
        Path file = into.resolve(entry.getName());
        Files.createDirectories(file.getParent());
        try (InputStream in = zip.getInputStream(entry)) {
          Files.copy(in, file);
        }
      }
    }
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
