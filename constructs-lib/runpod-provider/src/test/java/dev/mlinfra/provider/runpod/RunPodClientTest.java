package dev.mlinfra.provider.runpod;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When calls are repeated, how long that takes, and what refusals say. */
class RunPodClientTest {
  private final List<Answer> answers = new ArrayList<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final List<Duration> waits = new ArrayList<>();
  private final HttpServer server;
  private final RunPodClient client;

  /** What the server says next; no status breaks the connection. */
  record Answer(int status, Map<String, String> headers, String body) {}

  RunPodClientTest() throws IOException {
    server =
        HttpServer.create(
            new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            asked.add(
                exchange.getRequestMethod()
                    + " "
                    + exchange.getRequestURI()
                    + " "
                    + exchange.getRequestHeaders().getFirst("Authorization"));
            exchange.getRequestBody().readAllBytes();
            Answer answer = answers.remove(0);
            if (answer.status() == 0) {
              return;
            }
            answer.headers().forEach(exchange.getResponseHeaders()::set);
            byte[] body = answer.body().getBytes(UTF_8);
            exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
          }
        });
    server.start();
    client =
        new RunPodClient(
            settings(server.getAddress().getPort()),
            new Cancellation() {
              @Override
              void sleep(Duration time) {
                waits.add(time);
              }
            });
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private static Settings settings(int port) {
    return new Settings(
        "KEY",
        "http://127.0.0.1:" + port + "/v2",
        "",
        Duration.ofSeconds(5),
        new RetryPolicy(4, Duration.ofSeconds(60), Duration.ofMillis(500)),
        Duration.ofSeconds(5),
        true);
  }

  @Test
  void readsWithTheKey() {
    answer(200, "{\"a\": 1}");
    assertThat(client.get("/pods").get("a").getAsInt()).isEqualTo(1);
    assertThat(asked).containsExactly("GET /v2/pods Bearer KEY");
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 500, 502, 503})
  void readsAgainWhatPasses(int status) {
    answer(status, "");
    answer(status, "");
    answer(200, "{}");
    client.get("/pods");
    assertThat(waits).containsExactly(Duration.ofMillis(500), Duration.ofSeconds(1));
  }

  /** Java's own client repeats a read once without being asked. */
  @Test
  void readsAgainWhatGotNoAnswer() {
    answer(0, "");
    answer(0, "");
    answer(200, "{}");
    client.get("/pods");
    assertThat(asked).hasSize(3);
    assertThat(waits).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 402, 403, 404, 409, 413, 422})
  void neverRepeatsWhatStays(int status) {
    answer(status, "{\"title\": \"t\", \"status\": 1, \"detail\": \"because\"}");
    assertThatThrownBy(() -> client.get("/pods"))
        .isInstanceOf(ApiException.class)
        .hasMessageStartingWith("RunPod refused GET /pods (" + status + "): because");
    assertThat(waits).isEmpty();
  }

  @Test
  void givesUpAfterItsAttempts() {
    for (int call = 0; call < 4; call++) {
      answer(500, "");
    }
    assertThatThrownBy(() -> client.delete("/pods/x"))
        .hasMessage("RunPod refused DELETE /pods/x (500): no reason given");
    assertThat(asked).hasSize(4);
    assertThat(waits)
        .containsExactly(Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofSeconds(2));
  }

  @Test
  void waitsAsLongAsItIsAskedTo() {
    answers.add(new Answer(429, Map.of("Retry-After", "7"), ""));
    answer(200, "{}");
    client.patch("/pods/x", new JsonObject());
    assertThat(waits).containsExactly(Duration.ofSeconds(7));
  }

  @Test
  void understandsDatesAndIgnoresNonsense() {
    answers.add(new Answer(429, Map.of("Retry-After", "Wed, 21 Oct 2015 07:28:00 GMT"), ""));
    answers.add(new Answer(429, Map.of("Retry-After", "soon"), ""));
    answer(200, "{}");
    client.get("/pods");
    assertThat(waits).containsExactly(Duration.ofMillis(500), Duration.ofSeconds(1));
  }

  @Test
  void doesNotWaitLongerThanItsBudget() {
    answers.add(new Answer(429, Map.of("Retry-After", "61"), ""));
    assertThatThrownBy(() -> client.get("/pods"))
        .hasMessageContaining("wait a minute, or raise mlinfra-runpod:retrySeconds");
    assertThat(waits).isEmpty();
  }

  @Test
  void makesAgainOnlyWhatSurelyDidNotHappen() {
    answer(429, "");
    answer(201, "{\"id\": \"x\"}");
    assertThat(client.post("/pods", new JsonObject()).get("id").getAsString()).isEqualTo("x");
    assertThat(waits).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 502, 0})
  void doesNotMakeAgainWhatMayHaveHappened(int status) {
    answer(status, "");
    assertThatThrownBy(() -> client.post("/pods", new JsonObject()))
        .isInstanceOf(LostAnswerException.class);
    assertThat(asked).hasSize(1);
    assertThat(waits).isEmpty();
  }

  @Test
  void halfAnAnswerIsLost() {
    answer(201, "{\"id\": ");
    assertThatThrownBy(() -> client.post("/pods", new JsonObject()))
        .isInstanceOf(LostAnswerException.class)
        .hasMessageContaining("got no whole answer");
  }

  @Test
  void unreachable() throws IOException {
    server.stop(0);
    assertThatThrownBy(() -> client.post("/pods", new JsonObject()))
        .hasMessageContaining("nobody answers at http://127.0.0.1:");
    assertThat(waits).hasSize(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          401 | set RUNPOD_API_KEY, or: pulumi config set --secret mlinfra-runpod:apiKey
          402 | add credit to the account in RunPod's console
          403 | give the key the right in RunPod's console
          413 | 102,400 bytes are possible
          """)
  void saysWhatHelps(int status, String advice) {
    answer(status, "<html>");
    assertThatThrownBy(() -> client.get("/pods")).hasMessageContaining(advice);
  }

  @Test
  void tellsAllErrorsAndTheRequest() {
    answers.add(
        new Answer(
            422,
            Map.of("x-request-id", "r-1"),
            "{\"detail\": \"bad\", \"errors\": [\"one\", \"two\"]}"));
    assertThatThrownBy(() -> client.get("/pods"))
        .hasMessage("RunPod refused GET /pods (422): bad [one; two] (request r-1)");
  }

  @Test
  void listsNeedTheirName() {
    answer(200, "{\"items\": []}");
    assertThatThrownBy(() -> client.list("/pods", "pods"))
        .hasMessageContaining("has no list 'pods'; is the base URL right?");
  }

  @Test
  void cancellationEndsEverything() {
    Cancellation cancellation = new Cancellation();
    RunPodClient cancelled =
        new RunPodClient(settings(server.getAddress().getPort()), cancellation);
    cancellation.cancel();
    assertThatThrownBy(() -> cancelled.get("/pods")).hasMessage("cancelled before GET /pods");
    assertThatThrownBy(() -> cancellation.sleep(Duration.ofHours(1))).hasMessage("cancelled");
    assertThat(asked).isEmpty();
  }

  @Test
  void idsAreOneSegmentOfThePath() {
    assertThat(RunPodClient.segment("a/../b c")).isEqualTo("a%2F..%2Fb%20c");
  }

  @Test
  void waitsAreBounded() {
    RetryPolicy policy = new RetryPolicy(20, Duration.ofHours(1), Duration.ofSeconds(1));
    assertThat(policy.next(1, Duration.ZERO, Optional.empty())).contains(Duration.ofSeconds(1));
    assertThat(policy.next(10, Duration.ZERO, Optional.empty())).contains(Duration.ofSeconds(30));
    assertThat(policy.next(20, Duration.ZERO, Optional.empty())).isEmpty();
    assertThat(policy.next(1, Duration.ofHours(1), Optional.empty())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "https://api.runpod.io/v2, true",
    "http://127.0.0.1:80/v2, true",
    "http://localhost/v2, true",
    "http://api.runpod.io/v2, false",
    "ftp://127.0.0.1/, false",
    "nothing, false",
    "'http://[', false"
  })
  void theKeyGoesOverTheWireEncrypted(String url, boolean usable) {
    assertThat(Settings.usable(url)).isEqualTo(usable);
  }

  @Test
  void settingsComeFromTheStackThenFromTheEnvironment() {
    Settings nothing = Settings.of(Map.of(), Map.of());
    assertThat(nothing.baseUrl()).isEqualTo("https://api.runpod.io/v2");
    assertThatThrownBy(nothing::requireApiKey)
        .hasMessage(
            "no API key; set RUNPOD_API_KEY, or: pulumi config set --secret mlinfra-runpod:apiKey");
    Map<String, String> environment =
        Map.of("RUNPOD_API_KEY", "e", "RUNPOD_BASE_URL", "https://e/v2/");
    assertThat(Settings.of(Map.of(), environment).requireApiKey()).isEqualTo("e");
    assertThat(Settings.of(Map.of(), environment).baseUrl()).isEqualTo("https://e/v2");
    Settings given =
        Settings.of(
            Map.of("apiKey", new Values.Secret("c"), "readySeconds", 5.0, "owner", "me"),
            environment);
    assertThat(given.requireApiKey()).isEqualTo("c");
    assertThat(given.ready()).isEqualTo(Duration.ofSeconds(5));
    assertThat(given.owner()).isEqualTo("me");
    assertThat(given.toString()).doesNotContain("c]").contains("https://e/v2");
  }

  private void answer(int status, String body) {
    answers.add(new Answer(status, Map.of(), body));
  }
}
