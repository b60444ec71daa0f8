package dev.mlinfra.benchmarks;

import dev.mlinfra.cost.Estimate;
import dev.mlinfra.cost.Estimator;
import dev.mlinfra.infra.aws.Environments;
import dev.mlinfra.policy.Gate;
import dev.mlinfra.policy.Report;
import dev.mlinfra.template.Model;
import dev.mlinfra.template.Models;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import software.amazon.awscdk.App;
import software.amazon.awscdk.AppProps;
import tools.jackson.databind.json.JsonMapper;

/**
 * How long the gate takes over what this repository deploys, and over many generated templates, and
 * that it keeps nothing of them. Ends with an error when a budget is exceeded.
 */
public final class GateBenchmark {
  private static final int RUNS = 21;
  private static final double BUDGET_ENVIRONMENTS = 1.0;
  private static final double BUDGET_WITH_COST = 2.0;

  /** What plan may add to synthesis: a JVM of its own that reads, checks and prices. */
  private static final double BUDGET_PLAN = 2.0;

  private static final int PLANS = 5;
  private static final double BUDGET_GENERATED = 60;
  private static final int TEMPLATES = 1_000;
  private static final int RESOURCES = 200;

  /** The heap after all templates may be this much above the heap after the first hundred. */
  private static final double BUDGET_GROWTH = 1.1;

  private GateBenchmark() {}

  public static void main(String[] arguments) throws IOException {
    Path folder = Files.createTempDirectory("mlinfra-benchmark");
    boolean withinBudget;
    try {
      Path assembly = synthesise(folder);
      withinBudget =
          Stream.of(environments(assembly), withCost(assembly), plan(assembly), generated())
              .allMatch(Boolean::booleanValue);
    } finally {
      Benchmarks.delete(folder);
    }
    System.exit(withinBudget ? 0 : 1);
  }

  private static boolean environments(Path assembly) {
    List<Double> seconds = new ArrayList<>();
    int templates = 0;
    int resources = 0;
    int places = 0;
    for (int run = 0; run <= RUNS; run++) {
      long start = System.nanoTime();
      Model model = Models.read(assembly);
      Report report = Gate.standard().check(model);
      seconds.add(since(start));
      templates = model.stacks().size();
      resources = model.resources().size();
      places = report.places();
    }
    double first = seconds.remove(0);
    double warm = Benchmarks.median(seconds);
    System.out.printf(
        Locale.ROOT,
        "gate, reading included, on %d processors, Java %s%n"
            + "  three environments and account: %d templates, %d resources, %d places%n"
            + "    first time in the JVM          %6.3f s%n"
            + "    median of %d more              %6.3f s  (budget %.1f s)%n",
        Runtime.getRuntime().availableProcessors(),
        Runtime.version(),
        templates,
        resources,
        places,
        first,
        RUNS,
        warm,
        BUDGET_ENVIRONMENTS);
    return warm <= BUDGET_ENVIRONMENTS;
  }

  private static boolean withCost(Path assembly) {
    List<Double> seconds = new ArrayList<>();
    int lines = 0;
    for (int run = 0; run <= RUNS; run++) {
      long start = System.nanoTime();
      Model model = Models.read(assembly);
      Gate.standard().check(model);
      List<Estimate> estimates = Estimator.standard().estimate(model);
      seconds.add(since(start));
      lines = estimates.stream().mapToInt(estimate -> estimate.items().size()).sum();
    }
    double first = seconds.remove(0);
    double warm = Benchmarks.median(seconds);
    System.out.printf(
        Locale.ROOT,
        "  the same and cost: %d lines%n"
            + "    first time                     %6.3f s%n"
            + "    median of %d more              %6.3f s  (budget %.1f s)%n",
        lines,
        first,
        RUNS,
        warm,
        BUDGET_WITH_COST);
    return warm <= BUDGET_WITH_COST;
  }

  /** What the command takes beside synthesis, from the start of its JVM to its end. */
  private static boolean plan(Path assembly) throws IOException {
    List<Double> seconds = new ArrayList<>();
    for (int run = 0; run < PLANS; run++) {
      long start = System.nanoTime();
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:+UseSerialGC",
                  "-XX:TieredStopAtLevel=1",
                  "-Dmlinfra.root=" + root(),
                  "-classpath",
                  System.getProperty("java.class.path"),
                  "dev.mlinfra.cli.Mlinfra",
                  "plan",
                  "--env",
                  "dev",
                  "--assembly",
                  assembly.toString())
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      try {
        if (process.waitFor() != 0) {
          throw new IllegalStateException("plan ended with " + process.exitValue());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
      seconds.add(since(start));
    }
    double median = Benchmarks.median(seconds);
    System.out.printf(
        Locale.ROOT,
        "    plan of one environment, without synthesis  %6.3f s  (median of %d, budget %.1f s)%n",
        median,
        PLANS,
        BUDGET_PLAN);
    return median <= BUDGET_PLAN;
  }

  private static boolean generated() {
    Map<Integer, Long> heap = new TreeMap<>();
    double seconds = 0;
    int findings = 0;
    for (int i = 1; i <= TEMPLATES; i++) {
      String template = GeneratedTemplates.json(i, RESOURCES);
      long start = System.nanoTime();
      Model model = Models.parse("generated" + i + ".json", template);
      findings += Gate.standard().check(model).findings().size();
      seconds += since(start);
      if (model.resources().size() != RESOURCES) {
        throw new IllegalStateException(model.resources().size() + " resources were generated");
      }
      if (i == TEMPLATES / 10 || i == TEMPLATES / 2 || i == TEMPLATES) {
        heap.put(i, heapInUse());
      }
    }
    double growth = (double) heap.get(TEMPLATES) / heap.get(TEMPLATES / 10);
    System.out.printf(
        Locale.ROOT,
        "  %d generated templates of %d resources, %d findings%n"
            + "    together                       %6.1f s  (budget %.0f s)%n",
        TEMPLATES,
        RESOURCES,
        findings,
        seconds,
        BUDGET_GENERATED);
    heap.forEach(
        (count, bytes) ->
            System.out.printf(
                Locale.ROOT, "    heap in use after %4d          %6.1f MB%n", count, bytes / 1e6));
    System.out.printf(
        Locale.ROOT,
        "    last to first                    %4.2f x  (budget %.1f x)%n",
        growth,
        BUDGET_GROWTH);
    return seconds <= BUDGET_GENERATED && growth <= BUDGET_GROWTH;
  }

  private static Path synthesise(Path folder) throws IOException {
    Map<?, ?> settings =
        JsonMapper.shared().readValue(root().resolve("cdk.json").toFile(), Map.class);
    Map<String, Object> context = new TreeMap<>();
    ((Map<?, ?>) settings.get("context")).forEach((key, value) -> context.put((String) key, value));
    Path output = folder.resolve("cdk.out");
    App app = new App(AppProps.builder().context(context).outdir(output.toString()).build());
    Environments.addTo(app, root().resolve("environments"));
    app.synth();
    return output;
  }

  private static Path root() {
    return Path.of(System.getProperty("mlinfra.root"));
  }

  private static double since(long start) {
    return (System.nanoTime() - start) / 1e9;
  }

  private static long heapInUse() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
