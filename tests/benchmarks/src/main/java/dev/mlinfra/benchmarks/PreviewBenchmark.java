package dev.mlinfra.benchmarks;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/**
 * How long {@code pulumi preview -s runpod-dev} takes, compared with the smallest Pulumi program in
 * Java on the same backend: state in files, no network.
 */
public final class PreviewBenchmark {
  private static final int RUNS = 7;
  private static final double GOAL = 1.3;
  private static final long LONGEST_SECONDS = 120;

  private final Path root = Path.of(System.getProperty("mlinfra.root"));
  private final Path folder;

  private PreviewBenchmark(Path folder) {
    this.folder = folder;
  }

  /** Measures, prints, and ends with an error when the goal is missed. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("mlinfra-preview");
    try {
      if (!new PreviewBenchmark(folder).run()) {
        System.exit(1);
      }
    } finally {
      Benchmarks.delete(folder);
    }
  }

  private boolean run() throws IOException, InterruptedException {
    Path hello = helloWorld();
    Path project = project();
    pulumi(hello, "stack", "init", "dev");
    pulumi(project, "stack", "init", "runpod-dev");
    List<Double> smallest = new ArrayList<>();
    List<Double> ours = new ArrayList<>();
    for (int run = 0; run <= RUNS; run++) {
      double first = pulumi(hello, "preview", "-s", "dev", "--non-interactive");
      double second = pulumi(project, "preview", "-s", "runpod-dev", "--non-interactive");
      // The first round reads all files into memory.
      if (run > 0) {
        smallest.add(first);
        ours.add(second);
      }
    }
    double ratio = Benchmarks.median(ours) / Benchmarks.median(smallest);
    System.out.printf(
        Locale.ROOT,
        "pulumi preview, median of %d: smallest Java program %.2f s, runpod-dev %.2f s: %.2f x (goal"
            + " %.1f x)%n",
        RUNS,
        Benchmarks.median(smallest),
        Benchmarks.median(ours),
        ratio,
        GOAL);
    return ratio <= GOAL;
  }

  /** A project of its own, with the same jars of the SDK. */
  private Path helloWorld() throws IOException {
    Path made = Files.createDirectories(folder.resolve("hello"));
    StringJoiner classPath = new StringJoiner(" ");
    classPath.add(
        Path.of(HelloPulumi.class.getProtectionDomain().getCodeSource().getLocation().getPath())
            .toUri()
            .toString());
    try (DirectoryStream<Path> jars =
        Files.newDirectoryStream(root.resolve("infra-runpod/target/lib"), "*.jar")) {
      jars.forEach(jar -> classPath.add(jar.toUri().toString()));
    }
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.put(Attributes.Name.MAIN_CLASS, HelloPulumi.class.getName());
    attributes.put(Attributes.Name.CLASS_PATH, classPath.toString());
    try (OutputStream file = Files.newOutputStream(made.resolve("hello.jar"));
        JarOutputStream jar = new JarOutputStream(file, manifest)) {
      jar.finish();
    }
    Files.writeString(
        made.resolve("Pulumi.yaml"),
        "name: hello\nruntime:\n  name: java\n  options:\n    binary: hello.jar\n");
    return made;
  }

  /** This project, in a folder of its own, because a stack writes into its settings. */
  private Path project() throws IOException {
    Path made = Files.createDirectories(folder.resolve("project"));
    Files.copy(root.resolve("Pulumi.yaml"), made.resolve("Pulumi.yaml"));
    Path environments = Files.createDirectories(made.resolve("environments/pulumi")).getParent();
    for (String file : List.of("base.yaml", "dev.yaml")) {
      Files.copy(root.resolve("environments").resolve(file), environments.resolve(file));
    }
    for (String built : List.of("infra-pulumi", "infra-runpod", "constructs-lib")) {
      Files.createSymbolicLink(made.resolve(built), root.resolve(built));
    }
    return made;
  }

  /** Runs the command line and gives the seconds that it took. */
  private double pulumi(Path project, String... arguments)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of("/bin/sh", "-c", "exec pulumi \"$@\"", "pulumi"));
    command.addAll(List.of(arguments));
    Path output = folder.resolve("output");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(project.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    Path tools = root.resolve(".mlinfra/tools/pulumi");
    builder
        .environment()
        .putAll(
            Map.of(
                "PATH",
                tools + File.pathSeparator + System.getenv("PATH"),
                "PULUMI_HOME",
                folder.resolve("home").toString(),
                "PULUMI_BACKEND_URL",
                Files.createDirectories(folder.resolve("state")).toUri().toString(),
                "PULUMI_CONFIG_PASSPHRASE",
                "passphrase",
                "PULUMI_SKIP_UPDATE_CHECK",
                "1",
                "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION",
                "1",
                "JAVA_HOME",
                System.getProperty("java.home")));
    long start = System.nanoTime();
    Process process = builder.start();
    boolean ended = process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS);
    double seconds = (System.nanoTime() - start) / 1e9;
    if (!ended || process.exitValue() != 0) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      throw new IllegalStateException(
          "pulumi failed (set it up with tools/install pulumi):\n" + Files.readString(output));
    }
    return seconds;
  }
}
