package dev.mlinfra.handler;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.utils.AttributeMap;

/**
 * An HTTP client that is made in a thread of its own, beside what its user does until the first
 * request. To make one takes a fifth of a function's start: it reads the certificates that the JDK
 * trusts.
 */
final class EarlyHttpClient implements SdkHttpClient {
  private final CompletableFuture<SdkHttpClient> client;

  private EarlyHttpClient(CompletableFuture<SdkHttpClient> client) {
    this.client = client;
  }

  /** Begins at once; the builder is for an SDK client, which then closes the HTTP client. */
  static Builder begin(Supplier<SdkHttpClient> client) {
    CompletableFuture<SdkHttpClient> made =
        CompletableFuture.supplyAsync(client, EarlyHttpClient::runInThread);
    return new Builder(new EarlyHttpClient(made));
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    return made().prepareRequest(request);
  }

  @Override
  public String clientName() {
    return "UrlConnection"; // asked for early, for the user agent
  }

  @Override
  public void close() {
    made().close();
  }

  private static void runInThread(Runnable task) {
    Thread thread = new Thread(task, "http-client");
    thread.setDaemon(true);
    thread.start();
  }

  private SdkHttpClient made() {
    try {
      return client.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  /** Hands over the one client. */
  record Builder(EarlyHttpClient client) implements SdkHttpClient.Builder<Builder> {
    @Override
    public SdkHttpClient buildWithDefaults(AttributeMap defaults) {
      return client;
    }
  }
}
