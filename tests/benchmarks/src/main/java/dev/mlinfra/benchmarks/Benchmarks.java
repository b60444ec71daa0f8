package dev.mlinfra.benchmarks;

import java.io.IOException;
import java.nio.file.Path;

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
}
