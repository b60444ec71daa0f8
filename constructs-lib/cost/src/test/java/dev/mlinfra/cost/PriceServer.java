package dev.mlinfra.cost;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Answers as providers do, on this machine. Answers have the shape of AWS's "Reading the service
 * price list file for an AWS service", of Karpenter's types of the Azure Retail Prices API, of
 * Cyclenerd's pricing.yml and of the example in RunPod's OpenAPI description.
 */
final class PriceServer implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<String, Deque<Answer>> answers = new HashMap<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final List<String> authorizations = new CopyOnWriteArrayList<>();

  /** Writes an answer. */
  @FunctionalInterface
  interface Answer {
    void to(HttpExchange exchange) throws IOException;
  }

  PriceServer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  List<String> requests() {
    return List.copyOf(requests);
  }

  List<String> authorizations() {
    return List.copyOf(authorizations);
  }

  /** Answers requests whose path and query contain a text; the last answer is repeated. */
  PriceServer on(String part, Answer... each) {
    Deque<Answer> all = new ArrayDeque<>();
    Collections.addAll(all, each);
    answers.put(part, all);
    return this;
  }

  static Answer file(String name) {
    return exchange -> {
      try (InputStream in =
          Objects.requireNonNull(PriceServer.class.getResourceAsStream("refresh/" + name), name)) {
        send(exchange, 200, in.readAllBytes());
      }
    };
  }

  static Answer text(String text) {
    return exchange -> send(exchange, 200, text.getBytes(StandardCharsets.UTF_8));
  }

  static Answer status(int status) {
    return exchange -> send(exchange, status, new byte[0]);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String request = exchange.getRequestURI().toString();
      requests.add(request);
      authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
      Answer answer =
          answers.entrySet().stream()
              .filter(each -> request.contains(each.getKey()))
              // The longest is the most exact.
              .max(Map.Entry.comparingByKey((a, b) -> Integer.compare(a.length(), b.length())))
              .map(
                  each ->
                      each.getValue().size() > 1 ? each.getValue().poll() : each.getValue().peek())
              .orElse(status(404));
      answer.to(exchange);
    }
  }

  private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(body);
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
