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
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** As much of S3's protocol as the handler uses, on the loopback address. */
final class S3Stub implements AutoCloseable {
  private static final String MARK = "x-amz-meta-mlinfra-write";

  /** How long clients should wait for an answer, so that silence is noticed and slowness is not. */
  static final int CLIENT_TIMEOUT_MILLIS = 300;

  private static final int SILENCE_MILLIS = 400;
  private static final int SLOWNESS_MILLIS = 20;

  private static final Answer COMPLETED =
      xml("<ETag>whole</ETag>", "CompleteMultipartUploadResult");

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<String, byte[]> objects = new ConcurrentHashMap<>();
  private final Map<String, Integer> failures = new ConcurrentHashMap<>();

  /** The metadata of objects and of uploads. */
  private final Map<String, String> marks = new ConcurrentHashMap<>();

  /** Parts of uploads that are under way, by upload and number. */
  private final Map<String, Map<Integer, byte[]>> uploads = new ConcurrentHashMap<>();

  private final Set<String> completed = ConcurrentHashMap.newKeySet();
  private final Map<String, Integer> breaks = new ConcurrentHashMap<>();
  private final Map<String, Integer> requests = new ConcurrentHashMap<>();
  private final AtomicInteger uploadsMade = new AtomicInteger();
  private final AtomicInteger parts = new AtomicInteger();
  private final BlockingQueue<Integer> sentBytes = new LinkedBlockingQueue<>();
  private volatile Faults faults = (operation, occurrence) -> Fault.NONE;
  private volatile boolean completesAgain = true;

  /** What goes wrong with a request. */
  enum Fault {
    NONE,
    /** S3 fails. */
    INTERNAL_ERROR,
    /** S3 asks to slow down. */
    SLOW_DOWN,
    /** S3 refuses. */
    DENIED,
    /** S3 fails after it has begun to answer. */
    ERROR_IN_200,
    /** The connection ends before S3 does anything. */
    CLOSED,
    /** S3 does it, and the connection ends before it answers. */
    LOST,
    /** The connection ends in the middle of the answer. */
    BROKEN,
    /** Nothing happens, longer than clients wait. */
    SILENT,
    /** The answer comes in small pieces. */
    SLOW
  }

  /** Which requests go wrong: operation, and how many times there was one, from 1. */
  @FunctionalInterface
  interface Faults {
    Fault of(String operation, int occurrence);
  }

  static {
    // Or each answer waits 40 ms for the client's acknowledgement of its head.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  S3Stub() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.setExecutor(threads);
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

  /**
   * Lets requests go wrong. Operations are {@code GET}, {@code HEAD} and {@code PUT} with the path
   * behind them, and for uploads {@code CREATE}, {@code PART}, {@code COMPLETE} and {@code ABORT}.
   */
  void faults(Faults wanted) {
    faults = wanted;
  }

  /** Lets the completion of what is complete fail, as services like S3 do, but not S3 itself. */
  void completesOnlyOnce() {
    completesAgain = false;
  }

  /** Forgets all objects, uploads, faults and requests. */
  void clear() {
    objects.clear();
    uploads.clear();
    requests.clear();
    completesAgain = true;
    faults = (operation, occurrence) -> Fault.NONE;
  }

  /** How many requests there were, by operation. */
  Map<String, Integer> requests() {
    return new TreeMap<>(requests);
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
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] sent = body(exchange);
      String path = exchange.getRequestURI().getPath();
      Map<String, String> query = query(exchange);
      String operation = operation(exchange.getRequestMethod(), path, query);
      Fault fault = faults.of(operation, requests.merge(operation, 1, Integer::sum));
      switch (fault) {
        case NONE -> send(exchange, handle(exchange, path, query, sent));
        case INTERNAL_ERROR -> send(exchange, error(500, "InternalError"));
        case SLOW_DOWN -> send(exchange, error(503, "SlowDown"));
        case DENIED -> send(exchange, error(403, "AccessDenied"));
        case ERROR_IN_200 -> send(exchange, xml("<Code>InternalError</Code>", "Error"));
        case CLOSED -> {
          // closing is all there is
        }
        case LOST -> forget(handle(exchange, path, query, sent));
        case BROKEN -> {
          Answer answer = handle(exchange, path, query, sent);
          forget(answer);
          send(exchange, answer.upTo(answer.body.length / 2));
        }
        case SILENT -> pause(SILENCE_MILLIS);
        case SLOW -> sendSlowly(exchange, handle(exchange, path, query, sent));
      }
    }
  }

  private static String operation(String method, String path, Map<String, String> query) {
    if (query.containsKey("uploads")) {
      return "CREATE";
    }
    if (query.containsKey("uploadId")) {
      return method.equals("PUT") ? "PART" : method.equals("POST") ? "COMPLETE" : "ABORT";
    }
    return method + " " + path;
  }

  private Answer handle(
      HttpExchange exchange, String path, Map<String, String> query, byte[] sent) {
    String method = exchange.getRequestMethod();
    Integer failure = failures.get(method + " " + path);
    String mark = Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst(MARK), "");
    if (failure != null) {
      return error(failure, "Failure");
    }
    if (query.containsKey("uploads")) {
      String id = "u" + uploadsMade.incrementAndGet();
      uploads.put(id, new ConcurrentHashMap<>());
      marks.put(id, mark);
      return xml("<UploadId>" + id + "</UploadId>", "InitiateMultipartUploadResult");
    }
    if (query.containsKey("uploadId")) {
      return upload(method, path, query, sent);
    }
    if (method.equals("PUT")) {
      objects.put(path, sent);
      marks.put(path, mark);
      return new Answer(200, Map.of("ETag", "\"etag\""), new byte[0]);
    }
    return objects.containsKey(path) ? get(exchange, path) : error(404, "NoSuchKey");
  }

  private Answer get(HttpExchange exchange, String path) {
    byte[] content = objects.get(path);
    String etag = "\"etag-" + Arrays.hashCode(content) + "\"";
    String wanted = exchange.getRequestHeaders().getFirst("If-Match");
    if (wanted != null && !wanted.equals(etag)) {
      return error(412, "PreconditionFailed");
    }
    String range = exchange.getRequestHeaders().getFirst("Range");
    String[] bounds = range == null ? new String[] {"0", ""} : range.substring(6).split("-", 2);
    int to = bounds[1].isEmpty() ? content.length : Integer.parseInt(bounds[1]) + 1;
    byte[] rest = Arrays.copyOfRange(content, Integer.parseInt(bounds[0]), to);
    return new Answer(
            range == null ? 200 : 206,
            Map.of("ETag", etag, MARK, marks.getOrDefault(path, "")),
            rest)
        .upTo(breaks.getOrDefault(path, Integer.MAX_VALUE));
  }

  private Answer upload(String method, String path, Map<String, String> query, byte[] sent) {
    String id = query.get("uploadId");
    if (method.equals("POST") && completesAgain && completed.contains(id)) {
      return COMPLETED;
    }
    if (!uploads.containsKey(id)) {
      return error(404, "NoSuchUpload");
    }
    if (method.equals("PUT")) {
      uploads.get(id).put(Integer.valueOf(query.get("partNumber")), sent);
      parts.incrementAndGet();
      return new Answer(200, Map.of("ETag", "\"part\""), new byte[0]);
    }
    Map<Integer, byte[]> given = uploads.remove(id);
    if (method.equals("DELETE")) {
      return new Answer(204, Map.of(), new byte[0]);
    }
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    new TreeMap<>(given).values().forEach(whole::writeBytes);
    objects.put(path, whole.toByteArray());
    marks.put(path, marks.get(id));
    completed.add(id);
    return COMPLETED;
  }

  /** An upload whose id went astray can be aborted by nobody but the bucket's lifecycle rule. */
  private void forget(Answer answer) {
    String text = new String(answer.body, StandardCharsets.UTF_8);
    uploads.keySet().removeIf(id -> text.contains("<UploadId>" + id + "</UploadId>"));
  }

  /** What is answered. */
  private static final class Answer {
    private final int status;
    private final Map<String, String> headers;
    private final byte[] body;

    /** How many bytes of the body go out before the connection ends. */
    private final int sent;

    Answer(int status, Map<String, String> headers, byte[] body) {
      this(status, headers, body, body.length);
    }

    private Answer(int status, Map<String, String> headers, byte[] body, int sent) {
      this.status = status;
      this.headers = headers;
      this.body = body;
      this.sent = sent;
    }

    Answer upTo(int bytes) {
      return new Answer(status, headers, body, Math.min(bytes, body.length));
    }
  }

  private void send(HttpExchange exchange, Answer answer) throws IOException {
    if (head(exchange, answer)) {
      send(Arrays.copyOf(answer.body, answer.sent), exchange);
    }
  }

  /** Sends what comes before the body, and says whether that follows. */
  private static boolean head(HttpExchange exchange, Answer answer) throws IOException {
    answer.headers.forEach(exchange.getResponseHeaders()::set);
    boolean head = exchange.getRequestMethod().equals("HEAD");
    if (head) {
      exchange.getResponseHeaders().set("Content-Length", Integer.toString(answer.body.length));
    }
    int length = answer.body.length;
    exchange.sendResponseHeaders(answer.status, head || length == 0 ? -1 : length);
    return !head && length > 0;
  }

  private static void sendSlowly(HttpExchange exchange, Answer answer) throws IOException {
    if (head(exchange, answer)) {
      int piece = Math.max(1, answer.body.length / 5);
      for (int from = 0; from < answer.body.length; from += piece) {
        pause(SLOWNESS_MILLIS);
        int length = Math.min(piece, answer.body.length - from);
        exchange.getResponseBody().write(answer.body, from, length);
        exchange.getResponseBody().flush();
      }
    }
  }

  private static void pause(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Answer xml(String inner, String name) {
    return new Answer(
        200, Map.of(), "<%s>%s</%s>".formatted(name, inner, name).getBytes(StandardCharsets.UTF_8));
  }

  private static Answer error(int status, String code) {
    return new Answer(status, Map.of(), xml("<Code>" + code + "</Code>", "Error").body);
  }

  private static Map<String, String> query(HttpExchange exchange) {
    Map<String, String> query = new TreeMap<>();
    String text = exchange.getRequestURI().getQuery();
    for (String pair : text == null ? new String[0] : text.split("&", -1)) {
      String[] parts = pair.split("=", 2);
      query.put(parts[0], parts.length > 1 ? parts[1] : "");
    }
    return query;
  }

  /** Writes bit by bit, to know how much went out before the client hung up. */
  private void send(byte[] content, HttpExchange exchange) {
    OutputStream out = exchange.getResponseBody();
    int sent = 0;
    try {
      for (int size; sent < content.length; sent += size) {
        size = Math.min(1 << 16, content.length - sent);
        out.write(content, sent, size);
      }
    } catch (IOException e) {
      // the client hung up, as some tests want it to
    }
    if (exchange.getRequestMethod().equals("GET")) {
      sentBytes.add(sent);
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
