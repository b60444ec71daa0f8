package dev.mlinfra.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;

/** The Lambda Runtime API, version 2018-06-01, for one child process. Listens on 127.0.0.1 only. */
final class RuntimeEndpoint implements AutoCloseable {
  private static final String PREFIX = "/2018-06-01/runtime/";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool(RuntimeEndpoint::daemon);
  private final LinkedBlockingQueue<Work> waiting = new LinkedBlockingQueue<>();
  private final Map<String, CompletableFuture<Result>> open = new ConcurrentHashMap<>();
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private final CompletableFuture<String> initError = new CompletableFuture<>();

  /** An event for the function. */
  record Work(String requestId, String functionArn, Instant deadline, String payload) {}

  /** What the function did with it. */
  record Result(String body, boolean isError) {}

  RuntimeEndpoint() {
    try {
      server =
          HttpServer.create(
              new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0), 0);
    } catch (IOException problem) {
      throw new LocalException("Cannot listen on 127.0.0.1 for the Lambda Runtime API", problem);
    }
    server.createContext(PREFIX, this::handle);
    server.setExecutor(threads);
    server.start();
  }

  /** The value of AWS_LAMBDA_RUNTIME_API. */
  String address() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  /** Completes when the function's code is loaded and asks for its first event. */
  CompletableFuture<Void> ready() {
    return ready;
  }

  /** Completes with the error's JSON if the function's code cannot be loaded. */
  CompletableFuture<String> initError() {
    return initError;
  }

  /** Gives the function an event; the result completes when it answers. */
  CompletableFuture<Result> submit(Work work) {
    CompletableFuture<Result> result = new CompletableFuture<>();
    open.put(work.requestId(), result);
    waiting.add(work);
    return result;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath().substring(PREFIX.length());
      String[] parts = path.split("/", -1);
      if (path.equals("invocation/next")) {
        next(exchange);
      } else if (path.equals("init/error")) {
        initError.complete(body(exchange));
        answer(exchange, 202, "{\"status\":\"OK\"}");
      } else if (parts.length == 3 && parts[0].equals("invocation")) {
        boolean isError = parts[2].equals("error");
        CompletableFuture<Result> result = open.remove(parts[1]);
        if (result == null || !(isError || parts[2].equals("response"))) {
          answer(exchange, 400, "{\"errorType\":\"InvalidRequestID\"}");
          return;
        }
        String body = body(exchange);
        answer(exchange, 202, "{\"status\":\"OK\"}");
        result.complete(new Result(body, isError));
      } else {
        answer(exchange, 404, "{}");
      }
    }
  }

  /** Waits for the next event. The runtime waits without limit; closing ends it. */
  private void next(HttpExchange exchange) throws IOException {
    ready.complete(null);
    Work work;
    try {
      work = waiting.take();
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
      return;
    }
    var headers = exchange.getResponseHeaders();
    headers.set("Lambda-Runtime-Aws-Request-Id", work.requestId());
    headers.set("Lambda-Runtime-Deadline-Ms", Long.toString(work.deadline().toEpochMilli()));
    headers.set("Lambda-Runtime-Invoked-Function-Arn", work.functionArn());
    answer(exchange, 200, work.payload());
  }

  private static String body(HttpExchange exchange) throws IOException {
    return new String(exchange.getRequestBody().readAllBytes(), UTF_8);
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "lambda-runtime-api");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
