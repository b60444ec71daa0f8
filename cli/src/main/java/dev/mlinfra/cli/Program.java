package dev.mlinfra.cli;

import dev.mlinfra.local.EmbeddedAws;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Runs another program to its end, bounded in time, its output in a log file. Whatever still runs
 * when this process ends, by Ctrl-C for example, is ended with it.
 */
final class Program {
  private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();
  private static final int TAIL_LINES = 25;

  /** Set for good once this process ends: from then on nothing may be started. */
  private static volatile boolean stopping;

  static {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  stopping = true;
                  RUNNING.forEach(Program::end);
                },
                "end-programs"));
  }

  private final String what;
  private final List<String> command;
  private final Path folder;
  private final Path log;
  private final boolean installer;

  /**
   * @param what the program's part, for messages
   * @param command program and arguments; never a secret, since others can read them
   * @param folder where it runs
   * @param log takes standard output and standard error
   */
  Program(String what, List<String> command, Path folder, Path log) {
    this(what, command, folder, log, false);
  }

  private Program(String what, List<String> command, Path folder, Path log, boolean installer) {
    this.what = what;
    this.command = List.copyOf(command);
    this.folder = folder;
    this.log = log;
    this.installer = installer;
  }

  /**
   * The CDK CLI, in the root of the project.
   *
   * @param name of the step, for messages
   */
  static Program cdk(Workspace workspace, String name, Path log, String... arguments) {
    List<String> command = new ArrayList<>(List.of(workspace.cdk().toString()));
    command.addAll(List.of(arguments));
    return new Program("cdk " + name, command, workspace.root(), log);
  }

  /** A program that installs others, and so needs the user's proxies. */
  static Program installer(String what, List<String> command, Path folder, Path log) {
    return new Program(what, command, folder, log, true);
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
    if (!installer) {
      // The user's own cloud set-up must not leak into what runs against the embedded AWS.
      EmbeddedAws.clean(builder.environment());
    }
    builder.environment().putAll(environment);
    if (stopping) {
      throw new CommandFailure(ExitCode.NOT_USABLE, what + " was not started: the command ends");
    }
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.NOT_USABLE, what + " could not be started: " + e.getMessage());
    }
    RUNNING.add(process);
    try {
      if (stopping) {
        throw new CommandFailure(ExitCode.NOT_USABLE, what + " was ended: the command ends");
      }
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

  /** The last lines of its output. */
  String tail() {
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

  /** Whether this process is about to end. */
  static boolean isStopping() {
    return stopping;
  }

  /** Asks first, so that programs remove what they made, and then insists. */
  private static void end(Process process) {
    List<ProcessHandle> all =
        Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
    all.forEach(ProcessHandle::destroy);
    for (int i = 0; i < 20 && all.stream().anyMatch(ProcessHandle::isAlive); i++) {
      try {
        Thread.sleep(100);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      }
    }
    all.forEach(ProcessHandle::destroyForcibly);
  }
}
