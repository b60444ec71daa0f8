package dev.mlinfra.local.runpod;

import dev.mlinfra.local.LocalException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The jobs of one serverless endpoint, done one after the other by one worker: a process with the
 * endpoint's variables and nothing else of this machine's. It starts with the first job and ends
 * with the emulator.
 */
final class JobHost implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final Duration LONGEST_JOB = Duration.ofMinutes(10);
  private static final String VOLUME_PATH = "VOLUME_PATH";

  // The SDK's server loses the body of a request that offers HTTP/2.
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final ExecutorService worker =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "runpod-worker");
            thread.setDaemon(true);
            return thread;
          });
  private final Map<String, Job> jobs = new ConcurrentHashMap<>();
  private final WorkerProgram program;
  private final Deployment deployment;
  private Process process;
  private int port;

  /**
   * What an endpoint is at the moment.
   *
   * @param id of the endpoint
   * @param variables of its containers, secrets put in
   * @param volume id of its network volume
   * @param timeout of a job; zero for none
   */
  record Deployment(String id, Map<String, String> variables, String volume, Duration timeout) {
    Duration limit() {
      return timeout.isZero() ? LONGEST_JOB : timeout;
    }
  }

  /** A job with what is known of it. */
  private static final class Job {
    private final String id;
    private final Instant taken = Instant.now();
    private volatile String status = "IN_QUEUE";
    private volatile JsonNode answer = JSON.createObjectNode();
    private volatile Instant started = taken;
    private volatile Instant ended = taken;
    private volatile Future<?> work;

    Job(String id) {
      this.id = id;
    }

    ObjectNode view() {
      ObjectNode view = JSON.createObjectNode().put("id", id).put("status", status);
      for (String member : List.of("output", "error")) {
        if (answer.has(member)) {
          view.set(member, answer.get(member));
        }
      }
      if (ended.isAfter(taken)) {
        view.put("delayTime", Duration.between(taken, started).toMillis());
        view.put("executionTime", Duration.between(started, ended).toMillis());
      }
      return view;
    }
  }

  JobHost(WorkerProgram program, Deployment deployment) {
    this.program = program;
    this.deployment = deployment;
  }

  /** Whether it serves an endpoint as that is now; else it must be replaced. */
  boolean serves(Deployment now) {
    return deployment.equals(now);
  }

  /** Takes a job and says which one it is. */
  ObjectNode take(String id, JsonNode body) {
    if (!body.path("input").isObject()) {
      throw Refusal.badRequest("input is missing");
    }
    Job job = new Job(id);
    jobs.put(id, job);
    job.work = worker.submit(() -> run(job, body));
    return job.view();
  }

  /** Waits for a job. */
  ObjectNode await(String id) throws InterruptedException {
    Job job = require(id);
    try {
      job.work.get();
    } catch (ExecutionException problem) {
      throw new LocalException("the job " + id + " could not be run", problem);
    }
    return job.view();
  }

  /** What became of a job. */
  ObjectNode status(String id) {
    return require(id).view();
  }

  /** Takes a job back that waits or runs. */
  ObjectNode cancel(String id) {
    Job job = require(id);
    if (job.status.startsWith("IN_")) {
      job.status = "CANCELLED";
      job.work.cancel(true);
    }
    return job.view();
  }

  /** How many jobs and workers there are. */
  ObjectNode health() {
    ObjectNode health = JSON.createObjectNode();
    Map<String, Long> counts = new LinkedHashMap<>();
    jobs.values().forEach(job -> counts.merge(job.status, 1L, Long::sum));
    health
        .putObject("jobs")
        .put("completed", counts.getOrDefault("COMPLETED", 0L))
        .put("failed", counts.getOrDefault("FAILED", 0L))
        .put("inProgress", counts.getOrDefault("IN_PROGRESS", 0L))
        .put("inQueue", counts.getOrDefault("IN_QUEUE", 0L));
    boolean alive = isAlive();
    boolean running = counts.containsKey("IN_PROGRESS");
    health
        .putObject("workers")
        .put("idle", alive && !running ? 1 : 0)
        .put("running", alive && running ? 1 : 0);
    return health;
  }

  private Job require(String id) {
    Job job = jobs.get(id);
    if (job == null) {
      throw Refusal.notFound("job", id);
    }
    return job;
  }

  private void run(Job job, JsonNode body) {
    if (!job.status.equals("IN_QUEUE")) {
      return;
    }
    job.status = "IN_PROGRESS";
    job.started = Instant.now();
    String status = "FAILED";
    ObjectNode answer = JSON.createObjectNode();
    try {
      start();
      answer.setAll((ObjectNode) send(body));
      status = answer.path("status").asString("FAILED");
    } catch (HttpTimeoutException late) {
      status = "TIMED_OUT";
      answer.put("error", "the job took longer than " + deployment.limit());
      end();
    } catch (IOException | JacksonException | LocalException problem) {
      answer.put("error", problem.getMessage());
      end();
    } catch (InterruptedException cancelled) {
      Thread.currentThread().interrupt();
      end();
    }
    job.ended = Instant.now();
    job.answer = answer;
    if (!job.status.equals("CANCELLED")) {
      job.status = status;
    }
  }

  private JsonNode send(JsonNode body) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/runsync"))
            .timeout(deployment.limit())
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
            .build();
    HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() / 100 != 2) {
      throw new LocalException("the worker answered " + response.statusCode());
    }
    return JSON.readTree(response.body());
  }

  private synchronized boolean isAlive() {
    return process != null && process.isAlive();
  }

  private void start() throws IOException, InterruptedException {
    if (isAlive()) {
      return;
    }
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Path volume = Files.createDirectories(program.volumes().resolve(deployment.volume()));
    List<String> command = new ArrayList<>(program.command());
    command.addAll(
        List.of("--rp_serve_api", "--rp_api_host", "127.0.0.1", "--rp_api_port", "" + port));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(program.folder().toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(program.log().toFile()));
    builder.environment().keySet().retainAll(List.of("PATH"));
    builder.environment().putAll(deployment.variables());
    builder.environment().put("RUNPOD_ENDPOINT_ID", deployment.id());
    builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
    // In a container the volume is mounted there; a process sees it where it is.
    builder.environment().put(VOLUME_PATH, volume.toString());
    synchronized (this) {
      process = builder.start();
    }
    awaitPort();
  }

  private void awaitPort() throws InterruptedException {
    Instant end = Instant.now().plus(START_LIMIT);
    while (Instant.now().isBefore(end) && isAlive()) {
      try {
        new Socket(InetAddress.getLoopbackAddress(), port).close();
        return;
      } catch (IOException notYet) {
        Thread.sleep(50);
      }
    }
    throw new LocalException(
        isAlive()
            ? "the worker did not listen within " + START_LIMIT.toSeconds() + " s"
            : "the worker ended while it started; see " + program.log());
  }

  private synchronized void end() {
    if (process == null) {
      return;
    }
    List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
    all.add(process.toHandle());
    all.forEach(ProcessHandle::destroy);
    boolean interrupted = Thread.interrupted();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        all.forEach(ProcessHandle::destroyForcibly);
      }
    } catch (InterruptedException again) {
      all.forEach(ProcessHandle::destroyForcibly);
      interrupted = true;
    }
    process = null;
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the worker; jobs that wait are lost, as on RunPod when an endpoint is deleted. */
  @Override
  public void close() {
    worker.shutdownNow();
    end();
  }
}
