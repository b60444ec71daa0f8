package dev.mlinfra.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * One execution environment: a child JVM with the vendor's Runtime Interface Client and the
 * function's class path, served by a {@link RuntimeEndpoint}.
 */
final class FunctionProcess implements AutoCloseable {
  private static final String RUNTIME_CLIENT =
      "com.amazonaws.services.lambda.runtime.api.client.AWSLambda";
  // A class of each jar that the managed runtime puts in front of the function's own class path.
  private static final List<String> RUNTIME_CLASSES =
      List.of(
          RUNTIME_CLIENT,
          "com.amazonaws.services.lambda.runtime.Context",
          "com.amazonaws.services.lambda.runtime.serialization.PojoSerializer",
          "software.amazon.awssdk.utilslite.SdkInternalThreadLocal");
  private static final Duration INIT_LIMIT = Duration.ofSeconds(30);
  private static final Duration QUIET = Duration.ofMillis(60);
  private static final Duration DRAIN_LIMIT = Duration.ofSeconds(2);

  private final RuntimeEndpoint endpoint = new RuntimeEndpoint();
  private final ConcurrentLinkedQueue<Line> lines = new ConcurrentLinkedQueue<>();
  private final Process process;
  private final Thread reader;
  private volatile Instant lastOutput = Instant.now();

  /** A line that the function wrote. */
  record Line(Instant time, String text) {}

  /**
   * What came of an event: the function's answer or error. Error kinds are the service's:
   * Unhandled.
   */
  record Outcome(String body, boolean isError, Duration duration) {}

  /**
   * Starts the child.
   *
   * @param taskRoot what is /var/task on Lambda
   * @param optRoot what is /opt on Lambda
   * @param tmp what is /tmp on Lambda; made when needed
   * @param environment the whole environment; nothing of this process's own is passed on but PATH
   */
  FunctionProcess(
      Path taskRoot,
      Path optRoot,
      Path tmp,
      String handler,
      int memoryMb,
      Map<String, String> environment) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // The managed runtime gives the heap 85 % of the function's memory.
    command.add("-Xmx" + Math.max(32, memoryMb * 85 / 100) + "m");
    // Behind JAVA_TOOL_OPTIONS, so these win: nothing of a function that was killed may stay
    // behind.
    command.add("-Djava.io.tmpdir=" + tmp);
    command.add("-XX:-UsePerfData");
    command.add("-cp");
    command.add(classPath(taskRoot, optRoot));
    command.add(RUNTIME_CLIENT);
    command.add(handler);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    String path = System.getenv("PATH");
    Map<String, String> child = builder.environment();
    child.clear();
    if (path != null) {
      child.put("PATH", path);
    }
    child.putAll(CleanEnvironment.ofClients());
    child.putAll(environment);
    child.put("TMPDIR", tmp.toString());
    child.put("_HANDLER", handler);
    child.put("AWS_LAMBDA_RUNTIME_API", endpoint.address());
    child.computeIfPresent(
        "JAVA_TOOL_OPTIONS",
        (name, options) ->
            options.replace("/opt/", optRoot + "/").replace("/var/task/", taskRoot + "/"));
    builder.directory(taskRoot.toFile());
    try {
      Files.createDirectories(tmp);
      process = builder.start();
    } catch (IOException problem) {
      endpoint.close();
      throw new LocalException("Cannot start " + command.get(0), problem);
    }
    reader = new Thread(this::read, "lambda-output");
    reader.setDaemon(true);
    reader.start();
  }

  /** The class path as on Lambda, behind the jars of the managed runtime. */
  static String classPath(Path taskRoot, Path optRoot) {
    List<String> entries = new ArrayList<>();
    for (String name : RUNTIME_CLASSES) {
      entries.add(jarOf(name).toString());
    }
    entries.add(taskRoot.toString());
    for (Path folder : List.of(taskRoot.resolve("lib"), optRoot.resolve("java").resolve("lib"))) {
      if (Files.isDirectory(folder)) {
        try (Stream<Path> jars = Files.list(folder)) {
          // Sorted, as on Lambda: which of two jars wins must not depend on the file system.
          jars.filter(jar -> jar.toString().endsWith(".jar"))
              .sorted()
              .forEach(jar -> entries.add(jar.toString()));
        } catch (IOException problem) {
          throw new LocalException("Cannot list " + folder, problem);
        }
      }
    }
    return String.join(java.io.File.pathSeparator, entries);
  }

  private static Path jarOf(String className) {
    try {
      Class<?> type = Class.forName(className, false, FunctionProcess.class.getClassLoader());
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (ClassNotFoundException | URISyntaxException problem) {
      throw new LocalException(
          className
              + " is not on the class path: aws-lambda-java-runtime-interface-client is missing",
          problem);
    }
  }

  /**
   * Gives the function an event and waits for its answer, at most as long as the function's
   * timeout. After a timeout or the child's end the process is gone: {@link #isAlive()}.
   */
  Outcome run(String functionArn, String payload, Duration timeout) {
    String requestId = UUID.randomUUID().toString();
    String failure = awaitReady();
    if (failure != null) {
      return new Outcome(failure, true, Duration.ZERO);
    }
    note("START RequestId: " + requestId);
    long started = System.nanoTime();
    CompletableFuture<RuntimeEndpoint.Result> result =
        endpoint.submit(
            new RuntimeEndpoint.Work(requestId, functionArn, Instant.now().plus(timeout), payload));
    CompletableFuture<Object> first = CompletableFuture.anyOf(result, process.onExit());
    try {
      first.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException late) {
      destroy();
      return ended(
          requestId,
          started,
          error(
              "Sandbox.Timedout",
              "Task timed out after %.2f seconds".formatted(timeout.toMillis() / 1000.0)),
          true);
    } catch (ExecutionException problem) {
      throw new LocalException("The Lambda Runtime API failed", problem);
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
      throw new LocalException("Interrupted while the function ran", interruption);
    }
    if (!result.isDone()) {
      return ended(
          requestId,
          started,
          error("Runtime.ExitError", "Runtime exited with exit status " + process.exitValue()),
          true);
    }
    RuntimeEndpoint.Result done = result.join();
    return ended(requestId, started, done.body(), done.isError());
  }

  private Outcome ended(String requestId, long started, String body, boolean isError) {
    Duration duration = Duration.ofNanos(System.nanoTime() - started);
    drain();
    if (isError && !isAlive()) {
      note("RequestId: " + requestId + " " + body);
    }
    note("END RequestId: " + requestId);
    note("REPORT RequestId: %s Duration: %d ms".formatted(requestId, duration.toMillis()));
    return new Outcome(body, isError, duration);
  }

  /** Waits until the function's code is loaded; gives the error if it cannot be. */
  private String awaitReady() {
    CompletableFuture<Object> first =
        CompletableFuture.anyOf(endpoint.ready(), endpoint.initError(), process.onExit());
    try {
      first.get(INIT_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException late) {
      destroy();
      return error("Sandbox.Timedout", "Init did not end within " + INIT_LIMIT.toSeconds() + " s");
    } catch (ExecutionException problem) {
      throw new LocalException("The Lambda Runtime API failed", problem);
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
      throw new LocalException("Interrupted while the function's code was loaded", interruption);
    }
    if (endpoint.initError().isDone()) {
      destroy();
      drain();
      return endpoint.initError().join();
    }
    if (endpoint.ready().isDone()) {
      return null;
    }
    drain();
    return error("Runtime.ExitError", "Runtime exited with exit status " + process.exitValue());
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** The lines written since the last call, oldest first. */
  List<Line> takeLines() {
    List<Line> taken = new ArrayList<>();
    for (Line line = lines.poll(); line != null; line = lines.poll()) {
      taken.add(line);
    }
    return taken;
  }

  private void read() {
    try (BufferedReader output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        note(line);
        lastOutput = Instant.now();
      }
    } catch (IOException closed) {
      // The pipe of a process that was killed.
      note("output ended: " + closed.getMessage());
    }
  }

  /** Waits until what the function wrote has arrived: output and answer come by different ways. */
  private void drain() {
    Instant end = Instant.now().plus(DRAIN_LIMIT);
    Instant from = Instant.now();
    while (Instant.now().isBefore(end)) {
      Instant last = lastOutput.isAfter(from) ? lastOutput : from;
      boolean quiet = Instant.now().isAfter(last.plus(QUIET));
      if (process.isAlive() ? quiet : !reader.isAlive()) {
        return;
      }
      try {
        Thread.sleep(5);
      } catch (InterruptedException interruption) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private void note(String text) {
    lines.add(new Line(Instant.now(), text));
  }

  private static String error(String type, String message) {
    return "{\"errorType\":\"%s\",\"errorMessage\":\"%s\"}".formatted(type, message);
  }

  private void destroy() {
    process.destroyForcibly();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    destroy();
    endpoint.close();
  }
}
