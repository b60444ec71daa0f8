package dev.mlinfra.local.runpod;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.mlinfra.local.LocalException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * RunPod's REST v2 on 127.0.0.1, with everything in memory.
 *
 * <p>It takes and gives what the vendor's schema says: a body with an unknown or a wrong member is
 * refused with 422, and an answer that breaks the schema fails the call and is told by {@link
 * #brokenAnswers()}. Pods start after a while, cost money by the emulator's clock, and need a
 * machine that is free. Faults can be put on single calls.
 *
 * <p>What the vendor does not write down is assumed on the strict side: a network volume or a
 * template that is in use, and a locked pod, cannot be deleted.
 */
public final class RunPodEmulator implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int MOST_BYTES = 102_400;
  private static final int QUOTA = 60;

  /**
   * The address of jobs, which is another one than the API's: an id stands where names do there.
   */
  private static final Pattern JOBS =
      Pattern.compile("/v2/([a-z0-9]{14})/(run|runsync|health|status/[^/]+|cancel/[^/]+)");

  /** A stream of events, which no schema describes. */
  private static final Pattern LOGS = Pattern.compile("/v2/pods/([a-z0-9]{14})/logs");

  private static final Pattern SECRET = Pattern.compile("\\{\\{ RUNPOD_SECRET_(.+) }}");

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool(RunPodEmulator::daemon);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final MovableClock clock = new MovableClock();
  private final Account account;
  private final Settings settings;
  private final List<Fault> faults = new ArrayList<>();
  private final List<RecordedCall> calls = new ArrayList<>();
  private final List<String> brokenAnswers = new ArrayList<>();
  private final Map<String, Integer> counts = new HashMap<>();
  private final Map<String, JobHost> hosts = new LinkedHashMap<>();
  private final Thread cleanUp = new Thread(this::endWorkers, "end-runpod-workers");
  private final Map<String, List<LogLine>> logs = new HashMap<>();
  private WorkerProgram program;

  /** What a pod wrote, and when. */
  private record LogLine(Instant at, String text) {}

  /**
   * How the account is.
   *
   * @param provisioning how long a pod is being placed, and then again starting
   * @param balance USD that can be spent
   * @param readOnlyKey a key that may only read; every other key may do everything
   * @param retryAfter what a refusal for too many requests asks to wait
   */
  public record Settings(
      Duration provisioning, double balance, String readOnlyKey, Duration retryAfter) {

    /** Pods run at once, 1,000 USD, {@code read-only}, one second. */
    public static Settings defaults() {
      return new Settings(Duration.ZERO, 1000, "read-only", Duration.ofSeconds(1));
    }

    /** The same with another time for starting. */
    public Settings withProvisioning(Duration time) {
      return new Settings(time, balance, readOnlyKey, retryAfter);
    }

    /** The same with another balance. */
    public Settings withBalance(double usd) {
      return new Settings(provisioning, usd, readOnlyKey, retryAfter);
    }

    /** The same with another time to wait. */
    public Settings withRetryAfter(Duration time) {
      return new Settings(provisioning, balance, readOnlyKey, time);
    }
  }

  private RunPodEmulator(Settings settings) {
    this.settings = settings;
    try {
      server =
          HttpServer.create(
              new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0), 0);
    } catch (IOException problem) {
      throw new LocalException("Cannot listen on 127.0.0.1 for the RunPod API", problem);
    }
    account = new Account(clock, settings.provisioning(), address(), settings.balance());
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  /** Starts one with the default settings on a free port. */
  public static RunPodEmulator start() {
    return start(Settings.defaults());
  }

  /** Starts one on a free port. */
  public static RunPodEmulator start(Settings settings) {
    return new RunPodEmulator(settings);
  }

  /** What stands in place of {@code https://api.runpod.io/v2}. */
  public String baseUrl() {
    return address() + "/v2";
  }

  /** The time by which pods start and cost. */
  public MovableClock clock() {
    return clock;
  }

  /** Lets jobs of endpoints be done by a program; without one they are refused with 503. */
  public synchronized void serveJobs(WorkerProgram worker) {
    if (program == null) {
      Runtime.getRuntime().addShutdownHook(cleanUp);
    }
    program = worker;
  }

  /** Where machines are free. */
  public Capacity capacity() {
    return account.capacity;
  }

  /** Lets one call go wrong. */
  public synchronized void inject(Fault fault) {
    faults.add(fault);
  }

  /** Forgets faults that are still to come, what was called, and starts counting calls anew. */
  public synchronized void forgetCalls() {
    faults.clear();
    calls.clear();
    counts.clear();
  }

  /** What was called so far, in order. */
  public synchronized List<RecordedCall> calls() {
    return List.copyOf(calls);
  }

  /** Answers that the vendor's schema does not allow: faults of the emulator. */
  public synchronized List<String> brokenAnswers() {
    return List.copyOf(brokenAnswers);
  }

  /** What a list of a resource answers now, as JSON texts by id; for {@link Fault#resource()}. */
  public synchronized Map<String, String> stored(String resource) {
    Map<String, String> found = new LinkedHashMap<>();
    Resources resources = account.of(resource);
    resources.stored.keySet().forEach(id -> found.put(id, resources.view(id).toString()));
    return found;
  }

  /** Lets a pod write a line, which whoever asks for its logs then gets. */
  public synchronized void writeLog(String pod, String line) {
    account.pods.require(pod);
    logs.computeIfAbsent(pod, it -> new ArrayList<>()).add(new LogLine(clock.instant(), line));
  }

  /** Lets a running pod show how busy it is, in percent; without it the API shows nothing. */
  public synchronized void utilization(String pod, int gpu, int cpu) {
    account.pods.require(pod);
    account.pods.utilization.put(pod, new Pods.Utilization(gpu, cpu));
  }

  /** The value of a secret, which the API never tells. */
  public synchronized String secretValue(String id) {
    return account.secrets.value(id);
  }

  /** USD spent on pods so far by id, those that are gone included. */
  public synchronized Map<String, Double> spentOnPods() {
    return account.pods.spent();
  }

  /** USD spent on network volumes so far by id, those that are gone included. */
  public synchronized Map<String, Double> spentOnVolumes() {
    return account.volumes.spent();
  }

  /** Lets pods of an image fail to start: their status becomes ERROR. */
  public synchronized void breakImage(String image) {
    account.pods.broken.add(image);
  }

  /** Removes what somebody deleted behind the back of the caller. */
  public synchronized void removeOutside(String resource, String id) {
    account.of(resource).delete(id);
  }

  /**
   * Changes what somebody changed behind the back of the caller.
   *
   * @param body JSON as PATCH takes it
   */
  public synchronized void changeOutside(String resource, String id, String body) {
    account.of(resource).update(id, (ObjectNode) JSON.readTree(body));
  }

  /**
   * Makes what somebody made behind the back of the caller.
   *
   * @param body JSON as POST takes it
   * @return its id
   */
  public synchronized String createOutside(String resource, String body) {
    return account.of(resource).create((ObjectNode) JSON.readTree(body));
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
    endWorkers();
    try {
      Runtime.getRuntime().removeShutdownHook(cleanUp);
    } catch (IllegalStateException shuttingDown) {
      // The hook does the same.
      return;
    }
  }

  private synchronized void endWorkers() {
    hosts.values().forEach(JobHost::close);
    hosts.clear();
  }

  private String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] sent = exchange.getRequestBody().readAllBytes();
      Matcher job = JOBS.matcher(exchange.getRequestURI().getPath());
      if (job.matches()) {
        send(exchange, job(exchange, job, sent));
        return;
      }
      Matcher logs = LOGS.matcher(exchange.getRequestURI().getPath());
      if (logs.matches()) {
        sendLogs(exchange, logs.group(1));
        return;
      }
      Outcome outcome = outcome(exchange, sent);
      if (outcome.fault().isEmpty() || outcome.fault().get().status() > 0) {
        send(exchange, outcome.answer());
      } else if (outcome.fault().get() == Fault.Kind.HALF_AN_ANSWER) {
        sendHalf(exchange, outcome.answer());
      } else if (outcome.fault().get() == Fault.Kind.SILENCE) {
        closed.await();
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  /** A status and a body. */
  private record Answer(int status, Optional<JsonNode> body) {}

  private record Outcome(Answer answer, Optional<Fault.Kind> fault) {}

  /** What a call does, and what is answered; one call at a time. */
  private synchronized Outcome outcome(HttpExchange exchange, byte[] sent) {
    String method = exchange.getRequestMethod();
    String path = exchange.getRequestURI().getPath();
    List<RestV2.Operation> here = RestV2.table().at(path);
    Optional<RestV2.Operation> operation =
        here.stream().filter(one -> one.method().equals(method)).findFirst();
    if (operation.isEmpty()) {
      Refusal refusal =
          here.isEmpty()
              ? Refusal.notFound("path", path)
              : Refusal.of(405, method + " is not possible at " + path);
      return new Outcome(problem(refusal), Optional.empty());
    }
    RestV2.Operation called = operation.get();
    int call = counts.merge(called.resource() + " " + called.name(), 1, Integer::sum);
    Optional<Fault.Kind> fault =
        faults.stream()
            .filter(
                one ->
                    one.resource().equals(called.resource())
                        && one.operation().equals(called.name())
                        && one.call() == call)
            .map(Fault::kind)
            .findFirst();
    Answer answer;
    try {
      if (fault.isPresent() && !fault.get().done()) {
        answer = problem(refusal(fault.get()));
      } else {
        authorize(exchange, method);
        answer = answer(called, path, exchange.getRequestURI().getRawQuery(), sent);
        if (fault.isPresent() && fault.get() == Fault.Kind.DONE_BUT_500) {
          answer = problem(Refusal.of(500, "something went wrong"));
        }
      }
    } catch (Refusal refusal) {
      answer = problem(refusal);
    }
    boolean lost = fault.isPresent() && fault.get().status() == 0;
    calls.add(
        new RecordedCall(
            method,
            path,
            called.resource(),
            called.name(),
            call,
            new String(sent, UTF_8),
            lost ? 0 : answer.status()));
    return new Outcome(answer, fault);
  }

  /** What was written so far; RunPod would go on while the pod lives. */
  private void sendLogs(HttpExchange exchange, String pod) throws IOException {
    StringBuilder events = new StringBuilder();
    try {
      authorize(exchange, exchange.getRequestMethod());
      synchronized (this) {
        account.pods.require(pod);
        for (LogLine line : logs.getOrDefault(pod, List.of())) {
          ObjectNode data = JSON.createObjectNode().put("source", "container");
          data.put("line", line.text()).put("ts", line.at().toString());
          events.append("id: %s%ndata: %s%n%n".formatted(line.at(), data));
        }
      }
    } catch (Refusal refusal) {
      send(exchange, problem(refusal));
      return;
    }
    byte[] body = events.toString().getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  /** Waits outside of the lock: others may call while a job runs. */
  private Answer job(HttpExchange exchange, Matcher path, byte[] sent) throws InterruptedException {
    try {
      String method = exchange.getRequestMethod();
      authorize(exchange, method);
      String[] asked = path.group(2).split("/", 2);
      JobHost host = host(path.group(1));
      String id = asked.length > 1 ? asked[1] : "";
      JsonNode answer =
          switch (method + " " + asked[0]) {
            case "POST run" -> host.take(newId(), JSON.readTree(sent));
            case "POST runsync" -> {
              String job = newId();
              host.take(job, JSON.readTree(sent));
              yield host.await(job);
            }
            case "GET status" -> host.status(id);
            case "POST cancel" -> host.cancel(id);
            case "GET health" -> host.health();
            default -> throw Refusal.of(405, method + " is not possible at " + path.group());
          };
      return new Answer(200, Optional.of(answer));
    } catch (JacksonException problem) {
      return problem(Refusal.badRequest("the body is no JSON"));
    } catch (Refusal refusal) {
      return problem(refusal);
    }
  }

  private synchronized String newId() {
    return account.newId();
  }

  /** The jobs of an endpoint as it is now; one that was changed gets a new worker. */
  private synchronized JobHost host(String id) {
    JobHost.Deployment deployment = deployment(id, account.endpoints.require(id));
    if (program == null) {
      throw Refusal.of(503, "no program was given to the emulator that could do the job");
    }
    JobHost host = hosts.get(id);
    if (host == null || !host.serves(deployment)) {
      if (host != null) {
        host.close();
      }
      host = new JobHost(program, deployment);
      hosts.put(id, host);
    }
    return host;
  }

  private JobHost.Deployment deployment(String id, ObjectNode endpoint) {
    Map<String, String> variables = new LinkedHashMap<>();
    endpoint
        .path("env")
        .properties()
        .forEach(one -> variables.put(one.getKey(), secretOr(one.getValue().asString(""))));
    return new JobHost.Deployment(
        id,
        variables,
        endpoint.path("networkVolumes").path(0).asString("none"),
        Duration.ofMillis(endpoint.path("timeout").asLong(0)));
  }

  private String secretOr(String text) {
    Matcher named = SECRET.matcher(text);
    return named.matches() ? account.secrets.valueOf(named.group(1)) : text;
  }

  private static Refusal refusal(Fault.Kind kind) {
    return switch (kind) {
      case NO_CAPACITY -> Refusal.badRequest(Refusal.NO_CAPACITY);
      case UNPROCESSABLE -> Refusal.unprocessable(List.of("/: refused on demand"));
      default -> Refusal.of(kind.status() == 0 ? 500 : kind.status(), "refused on demand");
    };
  }

  private void authorize(HttpExchange exchange, String method) {
    String header = exchange.getRequestHeaders().getFirst("Authorization");
    if (header == null || !header.startsWith("Bearer ") || header.length() == "Bearer ".length()) {
      throw Refusal.of(401, "missing bearer token");
    }
    if (header.equals("Bearer " + settings.readOnlyKey()) && !method.equals("GET")) {
      throw Refusal.of(403, "access denied");
    }
  }

  private Answer answer(RestV2.Operation operation, String path, String query, byte[] sent) {
    Matcher id = operation.pattern().matcher(path);
    String named = id.matches() && id.groupCount() > 0 ? id.group(1) : "";
    ObjectNode body = body(operation, sent);
    if (operation.resource().equals("billing")) {
      return checked(operation, 200, account.billing());
    }
    if (operation.resource().equals("catalog")) {
      return checked(operation, 200, catalogue(path, query == null ? "" : query));
    }
    Resources resources = account.of(operation.resource());
    return switch (operation.name()) {
      case "list" -> checked(operation, 200, resources.list());
      case "get" -> checked(operation, 200, resources.view(named));
      case "create" -> checked(operation, 201, resources.view(resources.create(body)));
      case "update" -> {
        resources.update(named, body);
        yield checked(operation, 200, resources.view(named));
      }
      case "action" -> {
        String action = body.get("action").stringValue();
        account.pods.act(named, action);
        yield action.equals("terminate")
            ? new Answer(204, Optional.empty())
            : checked(operation, 200, resources.view(named));
      }
      default -> {
        resources.delete(named);
        yield new Answer(204, Optional.empty());
      }
    };
  }

  private static ObjectNode body(RestV2.Operation operation, byte[] sent) {
    if (operation.request().isEmpty()) {
      return JSON.createObjectNode();
    }
    if (sent.length > MOST_BYTES) {
      throw Refusal.of(413, "the body has more than " + MOST_BYTES + " bytes");
    }
    JsonNode body;
    try {
      body = JSON.readTree(sent);
    } catch (JacksonException problem) {
      throw Refusal.badRequest("the body is no JSON");
    }
    List<String> violations = RestV2.table().violations(operation.request().get(), body);
    if (!violations.isEmpty()) {
      throw Refusal.unprocessable(violations);
    }
    return (ObjectNode) body;
  }

  private JsonNode catalogue(String path, String query) {
    boolean expand = query.contains("include=");
    if (path.endsWith("/datacenters")) {
      return account.catalogue.dataCenters(account.capacity, query.contains("GPU_AVAILABILITY"));
    }
    if (expand && !query.contains("product=")) {
      throw Refusal.unprocessable(List.of("include=AVAILABILITY needs product"));
    }
    return path.endsWith("/gpus")
        ? account.catalogue.gpus(account.capacity, expand)
        : account.catalogue.cpus();
  }

  private Answer checked(RestV2.Operation operation, int status, JsonNode body) {
    String schema = operation.responses().get(status).orElseThrow();
    List<String> violations = RestV2.table().violations(schema, body);
    if (violations.isEmpty()) {
      return new Answer(status, Optional.of(body));
    }
    brokenAnswers.add(operation.method() + " " + operation.path() + ": " + violations);
    return problem(Refusal.of(500, "the emulator broke the schema: " + violations));
  }

  private static Answer problem(Refusal refusal) {
    ObjectNode body = JSON.createObjectNode();
    body.put("title", refusal.title()).put("status", refusal.status());
    body.put("detail", refusal.getMessage());
    if (!refusal.errors().isEmpty()) {
      ArrayNode errors = body.putArray("errors");
      refusal.errors().forEach(errors::add);
    }
    return new Answer(refusal.status(), Optional.of(body));
  }

  private void send(HttpExchange exchange, Answer answer) throws IOException {
    byte[] body = headers(exchange, answer);
    exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  private void sendHalf(HttpExchange exchange, Answer answer) throws IOException {
    byte[] body = headers(exchange, answer);
    exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body, 0, body.length / 2);
  }

  private byte[] headers(HttpExchange exchange, Answer answer) {
    exchange.getResponseHeaders().set("RateLimit", "\"minute\";r=" + (QUOTA - 1) + ";t=60");
    exchange.getResponseHeaders().set("RateLimit-Policy", "\"minute\";q=" + QUOTA + ";w=60");
    exchange
        .getResponseHeaders()
        .set(
            "Content-Type",
            answer.status() < 400 ? "application/json" : "application/problem+json");
    if (answer.status() == 429) {
      exchange
          .getResponseHeaders()
          .set("Retry-After", Long.toString(settings.retryAfter().toSeconds()));
    }
    return answer.body().map(body -> body.toString().getBytes(UTF_8)).orElse(new byte[0]);
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "runpod-emulator");
    thread.setDaemon(true);
    return thread;
  }
}
