package dev.mlinfra.tests;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** As much of S3's protocol as predictions use, on the loopback address, by path: /bucket/key. */
final class LoopbackS3 implements AutoCloseable {
  private static final int PAGE = 70;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newFixedThreadPool(8);
  private final ConcurrentSkipListMap<String, byte[]> objects = new ConcurrentSkipListMap<>();
  private final Map<String, Map<Integer, byte[]>> uploads = new ConcurrentHashMap<>();
  private final AtomicInteger uploadIds = new AtomicInteger();

  LoopbackS3() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  S3Client client() {
    return S3Client.builder()
        .endpointOverride(URI.create("http://127.0.0.1:" + server.getAddress().getPort()))
        .forcePathStyle(true)
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "secret")))
        .httpClientBuilder(UrlConnectionHttpClient.builder())
        .build();
  }

  void put(String path, byte[] content) {
    objects.put(path, content);
  }

  void put(String path, String content) {
    put(path, content.getBytes(StandardCharsets.UTF_8));
  }

  byte[] get(String path) {
    byte[] content = objects.get(path);
    if (content == null) {
      throw new AssertionError("there is no " + path + " among " + objects.keySet());
    }
    return content;
  }

  /** Paths that begin so, in their order. */
  List<String> below(String prefix) {
    return objects.tailMap(prefix).keySet().stream().filter(it -> it.startsWith(prefix)).toList();
  }

  /** Uploads that are neither complete nor aborted. */
  int uploadsUnderWay() {
    return uploads.size();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      Map<String, String> query = query(exchange);
      byte[] sent = body(exchange);
      switch (exchange.getRequestMethod()) {
        case "PUT", "POST", "DELETE" -> write(exchange, path, query, sent);
        case "HEAD" -> read(exchange, path, true);
        default -> {
          if (query.containsKey("list-type")) {
            list(exchange, path, query);
          } else {
            read(exchange, path, false);
          }
        }
      }
    }
  }

  private void write(HttpExchange exchange, String path, Map<String, String> query, byte[] sent)
      throws IOException {
    String id = query.get("uploadId");
    if (query.containsKey("uploads")) {
      String made = "u" + uploadIds.incrementAndGet();
      uploads.put(made, new ConcurrentHashMap<>());
      xml(exchange, 200, "InitiateMultipartUploadResult", "<UploadId>" + made + "</UploadId>");
    } else if (id == null) {
      objects.put(path, sent);
      done(exchange, etag(sent));
    } else if (exchange.getRequestMethod().equals("PUT")) {
      uploads.get(id).put(Integer.valueOf(query.get("partNumber")), sent);
      done(exchange, etag(sent));
    } else if (exchange.getRequestMethod().equals("DELETE")) {
      uploads.remove(id);
      exchange.sendResponseHeaders(204, -1);
    } else {
      ByteArrayOutputStream whole = new ByteArrayOutputStream();
      new TreeMap<>(uploads.remove(id)).values().forEach(whole::writeBytes);
      objects.put(path, whole.toByteArray());
      xml(exchange, 200, "CompleteMultipartUploadResult", "<ETag>whole</ETag>");
    }
  }

  private void read(HttpExchange exchange, String path, boolean head) throws IOException {
    byte[] content = objects.get(path);
    String wanted = exchange.getRequestHeaders().getFirst("If-Match");
    if (content == null) {
      xml(exchange, 404, "Error", head ? "" : "<Code>NoSuchKey</Code>");
    } else if (wanted != null && !wanted.equals(etag(content))) {
      xml(exchange, 412, "Error", "<Code>PreconditionFailed</Code>");
    } else {
      exchange.getResponseHeaders().set("ETag", etag(content));
      String range = exchange.getRequestHeaders().getFirst("Range");
      if (head) {
        exchange.getResponseHeaders().set("Content-Length", Integer.toString(content.length));
        exchange.sendResponseHeaders(200, -1);
      } else if (range == null) {
        send(exchange, 200, content);
      } else {
        String[] bounds = range.substring("bytes=".length()).split("-", 2);
        int to = bounds[1].isEmpty() ? content.length : Integer.parseInt(bounds[1]) + 1;
        send(exchange, 206, Arrays.copyOfRange(content, Integer.parseInt(bounds[0]), to));
      }
    }
  }

  private void list(HttpExchange exchange, String path, Map<String, String> query)
      throws IOException {
    String bucket = path.endsWith("/") ? path : path + "/";
    String prefix = bucket + query.getOrDefault("prefix", "");
    String after = query.getOrDefault("continuation-token", "");
    List<String> rest = below(prefix).stream().filter(it -> it.compareTo(after) > 0).toList();
    StringBuilder xml = new StringBuilder();
    for (String found : rest.subList(0, Math.min(PAGE, rest.size()))) {
      xml.append("<Contents><Key>").append(found.substring(bucket.length()));
      xml.append("</Key><Size>").append(objects.get(found).length).append("</Size></Contents>");
    }
    xml.append("<IsTruncated>").append(rest.size() > PAGE).append("</IsTruncated>");
    if (rest.size() > PAGE) {
      xml.append("<NextContinuationToken>").append(rest.get(PAGE - 1));
      xml.append("</NextContinuationToken>");
    }
    xml(exchange, 200, "ListBucketResult", xml.toString());
  }

  private static String etag(byte[] content) {
    return "\"" + Arrays.hashCode(content) + "\"";
  }

  private static void done(HttpExchange exchange, String etag) throws IOException {
    exchange.getResponseHeaders().set("ETag", etag);
    exchange.sendResponseHeaders(200, -1);
  }

  private static void xml(HttpExchange exchange, int status, String name, String inner)
      throws IOException {
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(status, -1);
    } else {
      send(
          exchange,
          status,
          "<%s>%s</%s>".formatted(name, inner, name).getBytes(StandardCharsets.UTF_8));
    }
  }

  private static void send(HttpExchange exchange, int status, byte[] content) throws IOException {
    exchange.sendResponseHeaders(status, content.length == 0 ? -1 : content.length);
    exchange.getResponseBody().write(content);
  }

  private static Map<String, String> query(HttpExchange exchange) {
    Map<String, String> query = new TreeMap<>();
    String text = exchange.getRequestURI().getQuery();
    for (String pair : text == null ? List.<String>of() : List.of(text.split("&", -1))) {
      String[] parts = pair.split("=", 2);
      query.put(parts[0], parts.length > 1 ? parts[1] : "");
    }
    return query;
  }

  /** The body; clients may send it in chunks of their own: {@code size;signature CRLF data}. */
  private static byte[] body(HttpExchange exchange) throws IOException {
    InputStream in = exchange.getRequestBody();
    if (exchange.getRequestHeaders().getFirst("x-amz-decoded-content-length") == null) {
      return in.readAllBytes();
    }
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    int size;
    do {
      size = Integer.parseInt(line(in).split(";", 2)[0], 16);
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
