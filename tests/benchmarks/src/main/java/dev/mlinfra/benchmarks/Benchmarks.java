package dev.mlinfra.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Runs benchmarks one after the other, each in a process of its own. Ends with an error when one of
 * them does, but runs the others all the same.
 */
public final class Benchmarks {
  private Benchmarks() {}

  /** Takes the names of their classes, parted by commas; those of other packages in full. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    boolean good = true;
    for (String name : arguments[0].split(",", -1)) {
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xss16m",
                  "-Dmlinfra.root=" + System.getProperty("mlinfra.root"),
                  "-classpath",
                  System.getProperty("java.class.path"),
                  name.contains(".") ? name : Benchmarks.class.getPackageName() + "." + name)
              .inheritIO()
              .start();
      good &= process.waitFor() == 0;
    }
    System.exit(good ? 0 : 1);
  }

  /** The one in the middle; of an even number the upper one. */
  public static double median(List<Double> values) {
    return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
  }

  /** Deletes a folder with all that is in it. */
  static void delete(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
