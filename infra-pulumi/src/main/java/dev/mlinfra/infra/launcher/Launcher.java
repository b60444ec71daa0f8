package dev.mlinfra.infra.launcher;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;

/**
 * Starts the program of a stack's target, {@code infra-runpod} for {@code runpod-dev}, with its
 * jars in a class loader of their own: one project for all targets, and none loads what another
 * needs.
 */
public final class Launcher {
  private static final int WRONG_INPUT = 2;

  private Launcher() {}

  /** Starts it; Pulumi's language host calls this in the project's root. */
  public static void main(String[] arguments) throws ReflectiveOperationException, IOException {
    // Pulumi's SDK waits for ever on JDK 25 with two processors: their common pool has one thread.
    System.setProperty("java.util.concurrent.ForkJoinPool.common.parallelism", "2");
    try {
      Program program = Program.of(Path.of(""), System.getenv());
      start(program, arguments);
    } catch (WrongStackException e) {
      System.err.println("mlinfra: " + e.getMessage());
      System.exit(WRONG_INPUT);
    }
  }

  private static void start(Program program, String[] arguments)
      throws ReflectiveOperationException, IOException {
    // Open as long as the process lives: classes are still loaded while it shuts down.
    @SuppressWarnings("resource")
    URLClassLoader loader =
        new URLClassLoader(
            program.name(),
            program.jars().toArray(URL[]::new),
            ClassLoader.getPlatformClassLoader());
    Thread.currentThread().setContextClassLoader(loader);
    try {
      loader
          .loadClass(program.mainClass())
          .getMethod("main", String[].class)
          .invoke(null, (Object) arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException problem) {
        throw problem;
      }
      throw e;
    }
  }
}
