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
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** As much of S3's protocol as the handler uses, on the loopback address. */
final class S3Stub implements AutoCloseable {
  private final HttpServer server;
  private final Map<String, byte[]> objects = new ConcurrentHashMap<>();
  private final Map<String, Integer> failures = new ConcurrentHashMap<>();

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
      if (failure != null) {
        error(exchange, failure, "Failure");
      } else if (method.equals("PUT")) {
        objects.put(path, sent);
        exchange.getResponseHeaders().set("ETag", "\"etag\"");
        exchange.sendResponseHeaders(200, -1);
      } else if (!objects.containsKey(path)) {
        error(exchange, 404, "NoSuchKey");
      } else {
        byte[] content = objects.get(path);
        exchange.getResponseHeaders().set("ETag", "\"etag-" + content.length + "\"");
        if (method.equals("HEAD")) {
          exchange.getResponseHeaders().set("Content-Length", Integer.toString(content.length));
          exchange.sendResponseHeaders(200, -1);
        } else {
          exchange.sendResponseHeaders(200, content.length == 0 ? -1 : content.length);
          send(content, exchange.getResponseBody());
        }
      }
    }
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
