package dev.mlinfra.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Runs another program to its end, bounded in time, its output in a log file. Whatever still runs
 * when this process ends, by Ctrl-C for example, is ended with it.
 */
final class Program {
  private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();
  private static final int TAIL_LINES = 25;

  static {
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> RUNNING.forEach(Program::end), "end-programs"));
  }

  private final String what;
  private final List<String> command;
  private final Path folder;
  private final Path log;

  /**
   * @param what the program's part, for messages
   * @param command program and arguments; never a secret, since others can read them
   * @param folder where it runs
   * @param log takes standard output and standard error
   */
  Program(String what, List<String> command, Path folder, Path log) {
    this.what = what;
    this.command = List.copyOf(command);
    this.folder = folder;
    this.log = log;
  }

  /**
   * Runs it.
   *
   * @param environment variables on top of this process's
   * @param limit longest run
   * @return its exit code
   * @throws CommandFailure when it cannot be started or takes too long
   */
  int run(Map<String, String> environment, Duration limit) {
    Folders.create(log.getParent());
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    builder.environment().putAll(environment);
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.NOT_USABLE, what + " could not be started: " + e.getMessage());
    }
    RUNNING.add(process);
    try {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new CommandFailure(
            ExitCode.NOT_USABLE,
            what
                + " did not end within "
                + limit.toSeconds()
                + " s; its log: "
                + log
                + "\n"
                + tail());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure(ExitCode.NOT_USABLE, what + " was interrupted");
    } finally {
      end(process);
      RUNNING.remove(process);
    }
  }

  /**
   * Runs it and insists on success.
   *
   * @throws CommandFailure with the end of its log when it fails
   */
  void mustSucceed(Map<String, String> environment, Duration limit) {
    int exitCode = run(environment, limit);
    if (exitCode != 0) {
      throw new CommandFailure(
          ExitCode.NOT_USABLE,
          what + " failed with exit code " + exitCode + "; its log: " + log + "\n" + tail());
    }
  }

  /** The last line of its output. */
  String lastLine() {
    List<String> lines = lines();
    return lines.isEmpty() ? "" : lines.get(lines.size() - 1);
  }

  private String tail() {
    List<String> lines = lines();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
  }

  private List<String> lines() {
    try {
      return new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void end(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
