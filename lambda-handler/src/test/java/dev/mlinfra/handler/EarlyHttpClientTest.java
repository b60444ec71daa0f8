package dev.mlinfra.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;

class EarlyHttpClientTest {
  private final AtomicReference<HttpExecuteRequest> prepared = new AtomicReference<>();
  private final AtomicBoolean closed = new AtomicBoolean();

  private final SdkHttpClient client =
      new SdkHttpClient() {
        @Override
        public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
          prepared.set(request);
          return null;
        }

        @Override
        public void close() {
          closed.set(true);
        }
      };

  @Test
  void isThereBeforeTheClientIsMade() {
    CountDownLatch go = new CountDownLatch(1);
    SdkHttpClient early =
        EarlyHttpClient.begin(
                () -> {
                  awaitQuietly(go);
                  return client;
                })
            .build();
    assertThat(prepared).hasNullValue(); // the client is not made yet: nothing waited for it
    go.countDown();
    HttpExecuteRequest request = HttpExecuteRequest.builder().build();
    early.prepareRequest(request);
    assertThat(prepared).hasValue(request);
    early.close();
    assertThat(closed).isTrue();
  }

  @Test
  void tellsWhyTheClientCouldNotBeMade() {
    SdkHttpClient early =
        EarlyHttpClient.begin(
                () -> {
                  throw new IllegalStateException("no certificates");
                })
            .build();
    assertThatThrownBy(() -> early.prepareRequest(HttpExecuteRequest.builder().build()))
        .isExactlyInstanceOf(IllegalStateException.class)
        .hasMessage("no certificates");
  }

  @Test
  void hasTheNameOfTheClientItMakes() {
    try (SdkHttpClient real = UrlConnectionHttpClient.create();
        SdkHttpClient early = EarlyHttpClient.begin(() -> real).build()) {
      assertThat(early.clientName()).isEqualTo(real.clientName());
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
