package dev.mlinfra.infra.launcher;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Starts the program of a stack's target, {@code infra-runpod} for {@code runpod-dev}, with its
 * jars in a process of its own: one project for all targets, and none loads what another needs.
 *
 * <p>Pulumi's language host takes no options for the JVM. The program gets those that make a short
 * run fast, and an archive of its classes.
 */
public final class Launcher {
  private static final int WRONG_INPUT = 2;

  private Launcher() {}

  /** Starts it; Pulumi's language host calls this in the project's root. */
  public static void main(String[] arguments)
      throws IOException, InterruptedException, URISyntaxException {
    try {
      System.exit(run(Program.of(Path.of(""), System.getenv())));
    } catch (WrongStackException e) {
      System.err.println("mlinfra: " + e.getMessage());
      System.exit(WRONG_INPUT);
    }
  }

  private static int run(Program program)
      throws IOException, InterruptedException, URISyntaxException {
    ClassArchive archive = ClassArchive.of(program);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // Nobody asked for warnings of the JVM about its archive.
    command.addAll(List.of("-Xlog:disable", "-Xlog:all=error:stderr"));
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    // Pulumi's SDK waits for ever on JDK 25 with two processors: their common pool has one thread.
    command.add("-Djava.util.concurrent.ForkJoinPool.common.parallelism=2");
    command.addAll(archive.options());
    command.addAll(List.of("-classpath", classPath(program)));
    command.addAll(List.of(Supervised.class.getName(), program.mainClass()));
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.INHERIT)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
    // Open as long as this process lives, however it ends: see Supervised.
    try (OutputStream alive = process.getOutputStream()) {
      alive.flush();
      int exitCode = process.waitFor();
      archive.keep();
      return exitCode;
    }
  }

  private static String classPath(Program program) throws URISyntaxException {
    Path launcher =
        Path.of(Launcher.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    return Stream.concat(Stream.of(launcher), program.jars().stream())
        .map(Path::toString)
        .collect(Collectors.joining(File.pathSeparator));
  }
}
