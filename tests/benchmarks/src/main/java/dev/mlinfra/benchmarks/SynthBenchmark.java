package dev.mlinfra.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * How long synthesis takes, as a ratio to the smallest CDK app: same JVM flags, thin jars,
 * validation off, medians of interleaved runs. Ends with an error when a budget is exceeded.
 */
public final class SynthBenchmark {
  private static final int RUNS = 7;
  private static final double BUDGET_ONE = 1.5;
  private static final double BUDGET_ALL = 2.0;

  /** The flags of infra-aws/synth. */
  private static final List<String> JVM =
      List.of("-Xss16m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto");

  private final Path root = Path.of(System.getProperty("mlinfra.root"));
  private final Path folder;

  private SynthBenchmark(Path folder) {
    this.folder = folder;
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("mlinfra-benchmark");
    boolean withinBudget;
    try {
      withinBudget = new SynthBenchmark(folder).run();
    } finally {
      Benchmarks.delete(folder);
    }
    System.exit(withinBudget ? 0 : 1);
  }

  private boolean run() throws IOException, InterruptedException {
    Map<String, List<Double>> seconds = new LinkedHashMap<>();
    for (String variant : List.of("one bucket", "dev", "all environments")) {
      seconds.put(variant, new ArrayList<>());
      // Unpacks jsii on a new machine and warms the file cache.
      synthesise(variant);
    }
    for (int run = 0; run < RUNS; run++) {
      for (Map.Entry<String, List<Double>> variant : seconds.entrySet()) {
        variant.getValue().add(synthesise(variant.getKey()));
      }
    }
    double base = median(seconds.get("one bucket"));
    double one = median(seconds.get("dev"));
    double all = median(seconds.get("all environments"));
    System.out.printf(
        Locale.ROOT,
        "synth, medians of %d interleaved runs on %d processors, Java %s%n",
        RUNS,
        Runtime.getRuntime().availableProcessors(),
        Runtime.version());
    print("one-bucket CDK app", base, base, Double.NaN);
    print("mlinfra, dev", one, base, BUDGET_ONE);
    print("mlinfra, all three environments", all, base, BUDGET_ALL);
    return one / base <= BUDGET_ONE && all / base <= BUDGET_ALL;
  }

  private static void print(String what, double seconds, double base, double budget) {
    System.out.printf(
        Locale.ROOT,
        "  %-34s %5.2f s  %.2f x%s%n",
        what,
        seconds,
        seconds / base,
        Double.isNaN(budget) ? "" : String.format(Locale.ROOT, "  (budget %.1f x)", budget));
  }

  private double synthesise(String variant) throws IOException, InterruptedException {
    boolean baseline = variant.equals("one bucket");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(JVM);
    if (baseline) {
      // Class path order as in infra-aws: a thin jar first, then the same libraries.
      command.addAll(
          List.of("-cp", System.getProperty("java.class.path"), OneBucketApp.class.getName()));
    } else {
      command.addAll(
          List.of("-jar", root.resolve("infra-aws/target/mlinfra-infra-aws.jar").toString()));
    }
    Path output = folder.resolve("cdk.out");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(root.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile());
    Map<String, String> environment = builder.environment();
    environment.put("CDK_OUTDIR", output.toString());
    environment.put("CDK_CONTEXT_JSON", context(variant));
    environment.put("CDK_VALIDATION", "false");
    environment.put("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "20");
    environment.put("TMPDIR", folder.toString());
    long start = System.nanoTime();
    int exitCode = builder.start().waitFor();
    double seconds = (System.nanoTime() - start) / 1e9;
    if (exitCode != 0) {
      throw new IllegalStateException(
          variant + " failed:\n" + Files.readString(folder.resolve("log")));
    }
    Benchmarks.delete(output);
    return seconds;
  }

  private String context(String variant) {
    ObjectNode context =
        (ObjectNode) JsonMapper.shared().readTree(root.resolve("cdk.json")).path("context");
    if (variant.equals("dev")) {
      context.put("env", "dev");
    }
    return context.toString();
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
  }
}
