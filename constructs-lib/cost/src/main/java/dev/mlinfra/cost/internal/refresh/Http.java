package dev.mlinfra.cost.internal.refresh;

import java.io.FileNotFoundException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Reads answers as streams: bounded in size and time, and asked for again when that may help. */
public final class Http {
  private static final int TOO_MANY = 429;

  private final HttpClient client =
      HttpClient.newBuilder()
          .connectTimeout(Duration.ofSeconds(10))
          .followRedirects(HttpClient.Redirect.NORMAL)
          .build();
  private final int attempts;
  private final Duration pause;
  private final Duration timeout;

  /**
   * @param attempts how often to ask at most
   * @param pause before the second attempt; twice as long before the next
   * @param timeout for one answer, read to its end
   */
  public Http(int attempts, Duration pause, Duration timeout) {
    this.attempts = attempts;
    this.pause = pause;
    this.timeout = timeout;
  }

  /** Makes something out of an answer's body. */
  @FunctionalInterface
  interface Body<T> {
    T read(InputStream in) throws IOException;
  }

  /** An answer that another attempt would not change. */
  private static final class Refused extends IOException {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
      super(message);
    }
  }

  /**
   * Gets a page.
   *
   * @param headers are sent, and never shown
   * @param maxBytes what a longer answer is refused at
   * @throws FileNotFoundException if there is no such page
   */
  <T> T get(URI uri, Map<String, String> headers, long maxBytes, Body<T> body) throws IOException {
    Duration wait = pause;
    for (int attempt = 1; ; attempt++) {
      try {
        return once(uri, headers, maxBytes, body);
      } catch (Refused | FileNotFoundException e) {
        throw e;
      } catch (IOException e) {
        if (attempt == attempts || e instanceof InterruptedIOException) {
          throw new IOException(
              "GET " + uri + ": " + (e.getMessage() == null ? e.toString() : e.getMessage()), e);
        }
      }
      sleep(wait);
      wait = wait.multipliedBy(2);
    }
  }

  private <T> T once(URI uri, Map<String, String> headers, long maxBytes, Body<T> body)
      throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri).timeout(timeout).header("User-Agent", "mlinfra");
    headers.forEach(request::header);
    HttpResponse<InputStream> answer = send(request.build());
    try (InputStream in = answer.body()) {
      int status = answer.statusCode();
      if (status == TOO_MANY || status >= 500) {
        throw new IOException("answered " + status);
      }
      if (status == 404) {
        throw new FileNotFoundException("GET " + uri + ": answered 404");
      }
      if (status != 200) {
        throw new Refused("GET " + uri + ": answered " + status);
      }
      // The request's own timeout ends with the headers.
      CompletableFuture<Void> deadline =
          CompletableFuture.runAsync(() -> close(in), after(timeout));
      try {
        return body.read(new Bounded(in, uri, maxBytes));
      } finally {
        deadline.cancel(false);
      }
    }
  }

  private HttpResponse<InputStream> send(HttpRequest request) throws IOException {
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofInputStream());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("interrupted").initCause(e);
    }
  }

  private static Executor after(Duration time) {
    return CompletableFuture.delayedExecutor(time.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static void close(InputStream in) {
    try {
      in.close();
    } catch (IOException e) {
      // The reader is told by its next read.
    }
  }

  private static void sleep(Duration time) throws InterruptedIOException {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (InterruptedIOException) new InterruptedIOException("interrupted").initCause(e);
    }
  }

  /** Refuses to read more than so much. */
  private static final class Bounded extends FilterInputStream {
    private final URI uri;
    private final long max;
    private long read;

    Bounded(InputStream in, URI uri, long max) {
      super(in);
      this.uri = uri;
      this.max = max;
    }

    @Override
    public int read() throws IOException {
      int one = super.read();
      count(one < 0 ? 0 : 1);
      return one;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
      int some = super.read(into, from, length);
      count(Math.max(some, 0));
      return some;
    }

    private void count(int bytes) throws IOException {
      read += bytes;
      if (read > max) {
        throw new Refused("GET " + uri + ": more than " + max + " bytes");
      }
    }
  }
}
