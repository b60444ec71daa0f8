package dev.mlinfra.handler;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** As much of S3's protocol as the handler uses, on the loopback address. */
final class S3Stub implements AutoCloseable {
  private final HttpServer server;
  private final Map<String, byte[]> objects = new ConcurrentHashMap<>();
  private final Map<String, Integer> failures = new ConcurrentHashMap<>();

  /** Parts of uploads that are under way, by upload and number. */
  private final Map<String, Map<Integer, byte[]>> uploads = new ConcurrentHashMap<>();

  private final Map<String, Integer> breaks = new ConcurrentHashMap<>();
  private final AtomicInteger parts = new AtomicInteger();

  private final BlockingQueue<Integer> sentBytes = new LinkedBlockingQueue<>();

  S3Stub() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  S3Stub with(String path, byte[] content) {
    objects.put(path, content);
    return this;
  }

  /** Waits for the end of a GET and returns how many bytes of its content went out. */
  int sentBytes() throws InterruptedException {
    return Objects.requireNonNull(sentBytes.poll(60, TimeUnit.SECONDS), "no GET ended");
  }

  /** Lets requests like {@code "PUT /b/results/x"} fail with an HTTP status. */
  void fail(String request, int status) {
    failures.put(request, status);
  }

  /** Lets the next GETs of a path end after so many bytes each, as broken connections do. */
  void breakAfter(String path, int bytes) {
    breaks.put(path, bytes);
  }

  /** How many uploads are neither complete nor aborted. */
  int uploadsUnderWay() {
    return uploads.size();
  }

  /** How many parts were sent in all. */
  int parts() {
    return parts.get();
  }

  byte[] object(String path) {
    return objects.get(path);
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      String method = exchange.getRequestMethod();
      byte[] sent = body(exchange);
      Integer failure = failures.get(method + " " + path);
      Map<String, String> query = query(exchange);
      if (failure != null) {
        error(exchange, failure, "Failure");
      } else if (query.containsKey("uploads") || query.containsKey("uploadId")) {
        upload(exchange, path, query, sent);
      } else if (method.equals("PUT")) {
        objects.put(path, sent);
        exchange.getResponseHeaders().set("ETag", "\"etag\"");
        exchange.sendResponseHeaders(200, -1);
      } else if (!objects.containsKey(path)) {
        error(exchange, 404, "NoSuchKey");
      } else {
        get(exchange, path, method.equals("HEAD"));
      }
    }
  }

  private void get(HttpExchange exchange, String path, boolean head) throws IOException {
    byte[] content = objects.get(path);
    String etag = "\"etag-" + Arrays.hashCode(content) + "\"";
    exchange.getResponseHeaders().set("ETag", etag);
    String wanted = exchange.getRequestHeaders().getFirst("If-Match");
    String range = exchange.getRequestHeaders().getFirst("Range");
    if (wanted != null && !wanted.equals(etag)) {
      error(exchange, 412, "PreconditionFailed");
    } else if (head) {
      exchange.getResponseHeaders().set("Content-Length", Integer.toString(content.length));
      exchange.sendResponseHeaders(200, -1);
    } else {
      String[] bounds = range == null ? new String[] {"0", ""} : range.substring(6).split("-", 2);
      int to = bounds[1].isEmpty() ? content.length : Integer.parseInt(bounds[1]) + 1;
      byte[] rest = Arrays.copyOfRange(content, Integer.parseInt(bounds[0]), to);
      exchange.sendResponseHeaders(range == null ? 200 : 206, rest.length == 0 ? -1 : rest.length);
      Integer broken = breaks.get(path);
      send(
          broken == null || broken >= rest.length ? rest : Arrays.copyOf(rest, broken),
          exchange.getResponseBody());
    }
  }

  private void upload(HttpExchange exchange, String path, Map<String, String> query, byte[] sent)
      throws IOException {
    String id = query.get("uploadId");
    if (query.containsKey("uploads")) {
      String made = "u" + uploads.size();
      uploads.put(made, new ConcurrentHashMap<>());
      xml(exchange, "<UploadId>" + made + "</UploadId>", "InitiateMultipartUploadResult");
    } else if (!uploads.containsKey(id)) {
      error(exchange, 404, "NoSuchUpload");
    } else if (exchange.getRequestMethod().equals("PUT")) {
      uploads.get(id).put(Integer.valueOf(query.get("partNumber")), sent);
      parts.incrementAndGet();
      exchange.getResponseHeaders().set("ETag", "\"part\"");
      exchange.sendResponseHeaders(200, -1);
    } else if (exchange.getRequestMethod().equals("DELETE")) {
      uploads.remove(id);
      exchange.sendResponseHeaders(204, -1);
    } else {
      ByteArrayOutputStream whole = new ByteArrayOutputStream();
      new TreeMap<>(uploads.remove(id)).values().forEach(whole::writeBytes);
      objects.put(path, whole.toByteArray());
      xml(exchange, "<ETag>whole</ETag>", "CompleteMultipartUploadResult");
    }
  }

  private static void xml(HttpExchange exchange, String inner, String name) throws IOException {
    byte[] xml = "<%s>%s</%s>".formatted(name, inner, name).getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, xml.length);
    exchange.getResponseBody().write(xml);
  }

  private static Map<String, String> query(HttpExchange exchange) {
    Map<String, String> query = new TreeMap<>();
    String text = exchange.getRequestURI().getQuery();
    for (String pair : text == null ? new String[0] : text.split("&")) {
      String[] parts = pair.split("=", 2);
      query.put(parts[0], parts.length > 1 ? parts[1] : "");
    }
    return query;
  }

  /** Writes bit by bit, to know how much went out before the client hung up. */
  private void send(byte[] content, OutputStream out) {
    int sent = 0;
    try {
      for (int size; sent < content.length; sent += size) {
        size = Math.min(1 << 16, content.length - sent);
        out.write(content, sent, size);
      }
    } catch (IOException e) {
      // the client hung up, as some tests want it to
    }
    sentBytes.add(sent);
  }

  private static void error(HttpExchange exchange, int status, String code) throws IOException {
    byte[] xml = ("<Error><Code>" + code + "</Code></Error>").getBytes(StandardCharsets.UTF_8);
    boolean head = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(status, head ? -1 : xml.length);
    if (!head) {
      exchange.getResponseBody().write(xml);
    }
  }

  /**
   * Returns the body; S3 clients may send it in signed chunks: {@code size;signature CRLF data}.
   */
  private static byte[] body(HttpExchange exchange) throws IOException {
    InputStream in = exchange.getRequestBody();
    if (exchange.getRequestHeaders().getFirst("x-amz-decoded-content-length") == null) {
      return in.readAllBytes();
    }
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    int size;
    do {
      String line = line(in);
      size = Integer.parseInt(line.split(";", 2)[0], 16);
      content.writeBytes(in.readNBytes(size));
      if (size > 0) {
        line(in);
      }
    } while (size > 0);
    in.readAllBytes(); // the trailing checksum
    return content.toByteArray();
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      line.append((char) c);
    }
    return line.toString().strip();
  }
}
