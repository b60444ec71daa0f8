package dev.mlinfra.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Prediction against pandas and scikit-learn on the same files, turn by turn, and its memory. Ends
 * with an error when a budget is exceeded.
 *
 * <p>Each side runs in a process of its own: its first run, then more of them. Ours is the function
 * with its layer and JVM options; beside it stands the first run with an archive of classes, as the
 * container image has. The files lie in the folder for temporary files; on a disk both sides wait
 * for it.
 */
public final class PredictionBenchmark {
  private static final int ROWS = 1_000_000;
  private static final int OUR_RUNS = 5;
  private static final int FIRST_RUNS = 5;
  private static final int PANDAS_RUNS = 2;
  private static final double FIRST_LINEAR = 10;
  private static final double WARM_LINEAR = 20;
  private static final double FIRST_TREES = 3;
  private static final double MAX_RESIDENT_MB = 256;
  private static final double MAX_HEAP_GROWTH = 1.05;

  private boolean withinBudget = true;
  private final Path folder;
  private final UnpackedFunction function;
  private final String archive;

  private PredictionBenchmark(Path folder) throws IOException {
    this.folder = folder;
    this.function = UnpackedFunction.in(folder.resolve("function"), List.of(PredictionRun.class));
    this.archive = folder.resolve("classes.jsa").toString();
  }

  /** Runs everything. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Files.createTempDirectory("mlinfra-prediction");
    boolean withinBudget;
    try {
      Files.createDirectory(folder.resolve("function"));
      PredictionBenchmark benchmark = new PredictionBenchmark(folder);
      benchmark.run();
      withinBudget = benchmark.withinBudget;
    } finally {
      Benchmarks.delete(folder);
    }
    System.exit(withinBudget ? 0 : 1);
  }

  private void run() throws IOException {
    python("prepare", folder.toString(), Integer.toString(ROWS));
    System.out.printf(
        Locale.ROOT,
        "prediction, %,d rows x 10 columns, %d processors, Java %s, heap 64 MB; seconds, processor"
            + " seconds, MB%n"
            + "  data and model   pandas: first  second     cpu    MB   ours: first archived    warm     cpu"
            + "   heap    MB   first x archived x  warm x   cpu x%n",
        ROWS,
        Runtime.getRuntime().availableProcessors(),
        Runtime.version());
    java(List.of("-XX:ArchiveClassesAtExit=" + archive, "-Xlog:disable"), "six", "linear", 1);
    for (String model : List.of("linear", "trees6")) {
      for (String data : List.of("six", "full")) {
        compare(data, model);
      }
    }
    compare("six", "trees10");
    bound("trees6");
    bound("trees10");
    growth();
  }

  /** What the model alone allows. */
  private void bound(String model) throws IOException {
    List<Double> speeds =
        numbers(
            program(
                List.of("-XX:+UseSerialGC", "-classpath", System.getProperty("java.class.path")),
                OnnxRun.class,
                folder.resolve(model + ".onnx").toString()));
    System.out.printf(
        Locale.ROOT,
        "  ONNX Runtime alone, 100 %s: %.2f M rows/s with one thread, %.2f M with all%n",
        model,
        speeds.get(0),
        speeds.get(1));
  }

  private void compare(String data, String model) throws IOException {
    List<Double> reference = python("run", folder.toString(), data, model);
    List<Double> ours = java(List.of(), data, model, OUR_RUNS);
    List<Double> memory = ours.subList(2 * OUR_RUNS, 2 * OUR_RUNS + 2);
    double first = first(List.of(), data, model);
    double archived = first(List.of("-XX:SharedArchiveFile=" + archive), data, model);
    double warm = Benchmarks.median(everySecond(ours, 2, OUR_RUNS));
    double cpu = Benchmarks.median(everySecond(ours, 3, OUR_RUNS));
    double firstRatio = reference.get(0) / first;
    double warmRatio = reference.get(2) / warm;
    boolean linear = model.equals("linear");
    boolean judged = !model.equals("trees10");
    boolean good =
        !judged
            || (firstRatio >= (linear ? FIRST_LINEAR : FIRST_TREES)
                && (!linear || warmRatio >= WARM_LINEAR)
                && memory.get(1) <= MAX_RESIDENT_MB);
    withinBudget &= good;
    System.out.printf(
        Locale.ROOT,
        "  %-4s %-12s %13.2f %7.2f %7.2f %5.0f %13.2f %8.2f %7.2f %7.2f %6.1f %5.0f %9.1f %10.1f %7.1f %7.1f%s%n",
        data,
        model,
        reference.get(0),
        reference.get(2),
        reference.get(3),
        reference.get(2 * PANDAS_RUNS),
        first,
        archived,
        warm,
        cpu,
        memory.get(0),
        memory.get(1),
        firstRatio,
        reference.get(0) / archived,
        warmRatio,
        reference.get(3) / cpu,
        good ? "" : "  OVER BUDGET");
  }

  /** Seconds of the first run in a process. */
  private double first(List<String> options, String data, String model) throws IOException {
    List<Double> seconds = new ArrayList<>();
    for (int run = 0; run < FIRST_RUNS; run++) {
      seconds.add(java(options, data, model, 1).get(0));
    }
    return Benchmarks.median(seconds);
  }

  /** Those of the later runs; each has two numbers. */
  private static List<Double> everySecond(List<Double> numbers, int from, int runs) {
    return IntStream.range(0, runs - 1).mapToObj(run -> numbers.get(from + 2 * run)).toList();
  }

  /** Four times the rows take as much memory. */
  private void growth() throws IOException {
    List<String> lines = Files.readAllLines(folder.resolve("six.csv"));
    Path four = folder.resolve("four.csv");
    try (var out = Files.newBufferedWriter(four)) {
      out.write(lines.get(0) + "\n");
      for (int time = 0; time < 4; time++) {
        for (String line : lines.subList(1, lines.size())) {
          out.write(line);
          out.write('\n');
        }
      }
    }
    List<Double> one = java(List.of(), "six", "linear", 1);
    List<Double> many = java(List.of(), "four", "linear", 1);
    double growth = many.get(2) / one.get(2);
    boolean good = growth <= MAX_HEAP_GROWTH && many.get(3) <= MAX_RESIDENT_MB;
    withinBudget &= good;
    System.out.printf(
        Locale.ROOT,
        "  memory at 1 M and 4 M rows: heap %.1f and %.1f MB (%.2f x, budget %.2f), resident %.0f and"
            + " %.0f MB (budget %.0f)%s%n",
        one.get(2),
        many.get(2),
        growth,
        MAX_HEAP_GROWTH,
        one.get(3),
        many.get(3),
        MAX_RESIDENT_MB,
        good ? "" : "  OVER BUDGET");
  }

  private List<Double> java(List<String> options, String data, String model, int runs)
      throws IOException {
    List<String> all = new ArrayList<>(options);
    all.addAll(List.of("-Xmx64m", "-classpath", function.classPath()));
    return numbers(
        program(all, PredictionRun.class, folder.toString(), data, model, Integer.toString(runs)));
  }

  private static List<String> program(List<String> options, Class<?> type, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.add(type.getName());
    command.addAll(List.of(arguments));
    return command;
  }

  private List<Double> python(String... arguments) throws IOException {
    Path root = Path.of(System.getProperty("mlinfra.root"));
    List<String> command = new ArrayList<>();
    command.add(root.resolve(".mlinfra/tools/python-training/bin/python").toString());
    command.add(
        root.resolve("tests/benchmarks/src/main/python/prediction_reference.py").toString());
    command.addAll(List.of(arguments));
    if (!Files.isExecutable(Path.of(command.get(0)))) {
      throw new IllegalStateException(
          command.get(0) + " is missing; run tools/install training, which sets it up");
    }
    return numbers(command);
  }

  private List<Double> numbers(List<String> command) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(folder.resolve("log").toFile());
    builder.environment().putAll(function.environment());
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IllegalStateException(
            "%s ended with %d:%n%s"
                .formatted(command, process.exitValue(), Files.readString(folder.resolve("log"))));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    return output.lines().flatMap(line -> Stream.of(line.split(" "))).map(Double::valueOf).toList();
  }
}
