package dev.mlinfra.local.runpod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RunPodEmulatorTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String POD =
      """
      {"name": "p", "image": "busybox", "gpu": {"id": "NVIDIA A40"}, "dataCenterIds": ["EU-RO-1"]}""";
  private static final String ENDPOINT =
      """
      {"name": "e", "image": "worker", "type": "QUEUE", "gpu": {"pools": ["AMPERE_48"]},
       "scaling": {"type": "QUEUE_DELAY", "queueDelay": 4}}""";
  private static final String VOLUME =
      """
      {"name": "v", "size": 100, "dataCenter": "EU-RO-1"}""";
  private static final String TEMPLATE =
      """
      {"name": "t", "image": "busybox"}""";
  private static final String REGISTRY =
      """
      {"name": "r", "username": "u", "password": "p"}""";
  private static final String SECRET =
      """
      {"name": "s", "value": "hidden"}""";

  private final HttpClient http = HttpClient.newHttpClient();
  private RunPodEmulator emulator = RunPodEmulator.start();

  record Reply(int status, JsonNode body, HttpResponse<String> response) {}

  @AfterEach
  void answersFollowTheSchema() {
    assertThat(emulator.brokenAnswers()).isEmpty();
    emulator.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/pods",
        "/serverless",
        "/templates",
        "/network-volumes",
        "/registries",
        "/account/secrets"
      })
  void makesShowsListsAndDeletes(String path) throws Exception {
    Reply made = post(path, body(path));
    assertThat(made.status()).isEqualTo(201);
    String one = path + "/" + made.body().get("id").stringValue();
    assertThat(call("GET", one, null).body().get("name")).isEqualTo(made.body().get("name"));
    assertThat(call("GET", path, null).body().iterator().next()).hasSize(1);
    Reply gone = call("DELETE", one, null);
    assertThat(gone.status()).isEqualTo(204);
    assertThat(gone.response().body()).isEmpty();
    assertThat(call("GET", one, null).status()).isEqualTo(404);
    assertThat(call("DELETE", one, null).status()).isEqualTo(404);
    assertThat(call("GET", path, null).body().iterator().next()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/pods", "/serverless", "/templates", "/network-volumes", "/account/secrets"})
  void changesOnlyWhatIsSent(String path) throws Exception {
    JsonNode made = post(path, body(path)).body();
    String change = path.endsWith("secrets") ? "{\"description\": \"d\"}" : "{\"name\": \"n\"}";
    Reply changed = call("PATCH", path + "/" + made.get("id").stringValue(), change);
    assertThat(changed.status()).isEqualTo(200);
    assertThat(changed.body().get(path.endsWith("secrets") ? "description" : "name").stringValue())
        .isEqualTo(path.endsWith("secrets") ? "d" : "n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/pods",
        "/serverless",
        "/templates",
        "/network-volumes",
        "/registries",
        "/account/secrets"
      })
  void refusesWhatTheSchemaDoesNotHave(String path) throws Exception {
    Reply refused = post(path, body(path).replaceFirst("\\{", "{\"interruptible\": true, "));
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.body().get("errors").toString()).contains("interruptible");
    assertThat(refused.response().headers().firstValue("Content-Type"))
        .contains("application/problem+json");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /pods            | {"image": "i", "gpu": {"id": "NVIDIA A40"}}                             | 422
          /pods            | {"name": "p", "gpu": {"id": "NVIDIA A40"}}                              | 422
          /pods            | {"name": "p", "image": "i"}                                             | 400
          /pods            | {"name": "p", "image": "i", "gpu": {"id": "nothing"}}                   | 400
          /pods            | {"name": "p", "image": "i", "cpu": {"id": "cpu3c", "vcpuCount": 3}}     | 400
          /pods            | {"name": "p", "templateId": "gone", "gpu": {"id": "NVIDIA A40"}}        | 404
          /pods            | {"name": "p", "image": "i", "gpu": {"id": "NVIDIA A40"}, "registry": "r"} | 400
          /network-volumes | {"name": "v", "size": 9, "dataCenter": "EU-RO-1"}                       | 422
          /network-volumes | {"name": "v", "size": 10, "dataCenter": "US-TX-3"}                      | 400
          /account/secrets | {"name": "RUNPOD_X", "value": "v"}                                      | 400
          /account/secrets | {"name": "1x", "value": "v"}                                            | 422
          /serverless      | {"name": "e", "image": "i", "type": "LOAD_BALANCER", "gpu": {"pools": ["ADA_24"]}, "scaling": {"type": "QUEUE_DELAY", "queueDelay": 4}} | 422
          /serverless      | {"name": "e", "image": "i", "type": "QUEUE", "gpu": {"pools": ["ADA_24"]}, "scaling": {"type": "REQUEST_COUNT", "requestCount": 4}, "workers": {"idleTimeout": 5}} | 422
          /serverless      | {"name": "e", "image": "i", "type": "QUEUE", "gpu": {"pools": ["NONE"]}, "scaling": {"type": "QUEUE_DELAY", "queueDelay": 4}} | 400
          """)
  void refusesByItsRules(String path, String body, int status) throws Exception {
    assertThat(post(path, body).status()).isEqualTo(status);
  }

  @Test
  void asksForAKeyThatMay() throws Exception {
    HttpRequest without =
        HttpRequest.newBuilder(URI.create(emulator.baseUrl() + "/pods")).GET().build();
    assertThat(http.send(without, HttpResponse.BodyHandlers.ofString()).statusCode())
        .isEqualTo(401);
    assertThat(call("POST", "/templates", TEMPLATE, "read-only").status()).isEqualTo(403);
    assertThat(call("GET", "/templates", null, "read-only").status()).isEqualTo(200);
  }

  @Test
  void knowsNoOtherPathsAndMethods() throws Exception {
    assertThat(call("GET", "/nothing", null).status()).isEqualTo(404);
    assertThat(call("PATCH", "/registries/x", "{}").status()).isEqualTo(405);
  }

  @Test
  void refusesLargeBodies() throws Exception {
    String large = TEMPLATE.replace("busybox", "x".repeat(102_400));
    assertThat(post("/templates", large).status()).isEqualTo(413);
  }

  @Test
  void podsStartAfterAWhileAndCostByTheClock() throws Exception {
    restart(RunPodEmulator.Settings.defaults().withProvisioning(Duration.ofMinutes(1)));
    String pod = post("/pods", POD).body().get("id").stringValue();
    assertThat(status(pod)).isEqualTo("PROVISIONING");
    emulator.clock().advance(Duration.ofMinutes(1));
    assertThat(status(pod)).isEqualTo("STARTING");
    emulator.clock().advance(Duration.ofMinutes(59));
    assertThat(status(pod)).isEqualTo("RUNNING");
    assertThat(emulator.spentOnPods().get(pod)).isCloseTo(0.40, within(0.001));
    call("POST", "/pods/" + pod + "/action", "{\"action\": \"stop\"}");
    emulator.clock().advance(Duration.ofDays(2));
    assertThat(status(pod)).isEqualTo("EXITED");
    assertThat(emulator.spentOnPods().get(pod)).isCloseTo(0.40, within(0.001));
    assertThat(call("POST", "/pods/" + pod + "/action", "{\"action\": \"stop\"}").status())
        .isEqualTo(409);
    assertThat(call("POST", "/pods/" + pod + "/action", "{\"action\": \"terminate\"}").status())
        .isEqualTo(204);
    assertThat(emulator.spentOnPods()).containsKey(pod);
  }

  @Test
  void noBalanceNoPod() throws Exception {
    restart(RunPodEmulator.Settings.defaults().withBalance(1));
    post("/pods", POD);
    emulator.clock().advance(Duration.ofHours(3));
    assertThat(post("/pods", POD).status()).isEqualTo(402);
  }

  @Test
  void volumesGrowOnlyAndCost() throws Exception {
    String volume =
        "/network-volumes/" + post("/network-volumes", VOLUME).body().get("id").stringValue();
    assertThat(call("PATCH", volume, "{\"size\": 200}").status()).isEqualTo(200);
    assertThat(call("PATCH", volume, "{\"size\": 100}").status()).isEqualTo(400);
    emulator.clock().advance(Duration.ofHours(730));
    assertThat(emulator.spentOnVolumes().values().iterator().next())
        .isCloseTo(200 * 0.07, within(0.01));
  }

  @Test
  void placesAPodWhereAMachineIsFree() throws Exception {
    String two = POD.replace("[\"EU-RO-1\"]", "[\"EU-RO-1\", \"EU-CZ-1\"]");
    emulator.capacity().take("NVIDIA A40", "EU-RO-1");
    assertThat(post("/pods", two).body().get("dataCenterId").stringValue()).isEqualTo("EU-CZ-1");
    Reply refused = post("/pods", POD);
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.body().get("detail").stringValue()).contains("no longer any instances");
    emulator.capacity().restore();
    assertThat(post("/pods", POD).status()).isEqualTo(201);
  }

  @Test
  void mountsStayAsTheyWereMade() throws Exception {
    String volume = post("/network-volumes", VOLUME).body().get("id").stringValue();
    String mounted =
        POD.replace(
            "\"name\": \"p\"",
            "\"name\": \"p\", \"mounts\": {\"network\": [{\"volumeId\": \"%s\", \"path\": \"/w\"}]}"
                .formatted(volume));
    String pod = "/pods/" + post("/pods", mounted).body().get("id").stringValue();
    assertThat(
            call("PATCH", pod, "{\"mounts\": {\"persistent\": {\"size\": 10, \"path\": \"/w\"}}}")
                .status())
        .isEqualTo(400);
    assertThat(
            call(
                    "PATCH",
                    pod,
                    "{\"mounts\": {\"network\": [{\"volumeId\": \"x\", \"path\": \"/w\"}]}}")
                .status())
        .isEqualTo(400);
    assertThat(call("DELETE", "/network-volumes/" + volume, null).status()).isEqualTo(400);
    assertThat(
            post("/pods", mounted.replace("\"name\"", "\"cloud\": \"COMMUNITY\", \"name\""))
                .status())
        .isEqualTo(400);
  }

  @Test
  void whatIsInUseStays() throws Exception {
    String registry = post("/registries", REGISTRY).body().get("id").stringValue();
    String template =
        post(
                "/templates",
                TEMPLATE.replace("\"name\"", "\"registry\": \"" + registry + "\", \"name\""))
            .body()
            .get("id")
            .stringValue();
    String pod =
        "/pods/"
            + post(
                    "/pods",
                    POD.replace("\"image\": \"busybox\"", "\"templateId\": \"" + template + "\""))
                .body()
                .get("id")
                .stringValue();
    assertThat(call("GET", pod, null).body().get("image").stringValue()).isEqualTo("busybox");
    assertThat(call("DELETE", "/templates/" + template, null).status()).isEqualTo(400);
    assertThat(call("DELETE", "/registries/" + registry, null).status()).isEqualTo(400);
    call("PATCH", pod, "{\"locked\": true}");
    assertThat(call("DELETE", pod, null).status()).isEqualTo(409);
    call("PATCH", pod, "{\"locked\": false}");
    assertThat(call("DELETE", pod, null).status()).isEqualTo(204);
    assertThat(call("DELETE", "/registries/" + registry, null).status()).isEqualTo(204);
    assertThat(call("GET", "/templates/" + template, null).body().get("registry").isNull())
        .isTrue();
    assertThat(call("DELETE", "/templates/" + template, null).status()).isEqualTo(204);
  }

  @Test
  void scalesIdleEndpointsDown() throws Exception {
    String endpoint = "/serverless/" + post("/serverless", ENDPOINT).body().get("id").stringValue();
    assertThat(most(endpoint)).isEqualTo(3);
    emulator.clock().advance(Duration.ofDays(3));
    assertThat(most(endpoint)).isEqualTo(2);
    emulator.clock().advance(Duration.ofDays(4));
    assertThat(most(endpoint)).isZero();
    call("PATCH", endpoint, "{\"workers\": {\"max\": 3}}");
    assertThat(most(endpoint)).isEqualTo(3);
  }

  @Test
  void anEndpointWithoutTimeoutHasNone() throws Exception {
    assertThat(post("/serverless", ENDPOINT).body().get("timeout").intValue()).isZero();
  }

  @Test
  void namesOfSecretsAreUnique() throws Exception {
    String id = post("/account/secrets", SECRET).body().get("id").stringValue();
    assertThat(post("/account/secrets", SECRET).status()).isEqualTo(409);
    assertThat(emulator.secretValue(id)).isEqualTo("hidden");
    assertThat(call("GET", "/account/secrets/" + id, null).response().body())
        .doesNotContain("hidden");
  }

  @Test
  void listsWhatThereIs() throws Exception {
    assertThat(call("GET", "/catalog/gpus", null).body().get("gpus")).hasSizeGreaterThan(10);
    assertThat(call("GET", "/catalog/cpus", null).body().get("cpus")).isNotEmpty();
    assertThat(call("GET", "/catalog/datacenters", null).body().get("dataCenters")).isNotEmpty();
    emulator.capacity().take("NVIDIA A40", "*");
    JsonNode gpus = call("GET", "/catalog/gpus?include=AVAILABILITY&product=POD", null).body();
    assertThat(gpus.get("gpus").toString())
        .contains("\"availability\":\"NONE\"")
        .contains("\"availability\":\"HIGH\"");
    assertThat(call("GET", "/catalog/gpus?include=AVAILABILITY", null).status()).isEqualTo(422);
    assertThat(call("GET", "/catalog/datacenters?include=GPU_AVAILABILITY", null).response().body())
        .contains("gpuAvailability");
  }

  @ParameterizedTest
  @EnumSource(Fault.Kind.class)
  void faultsComeOnTheCallThatTheyAreFor(Fault.Kind kind) throws Exception {
    restart(RunPodEmulator.Settings.defaults().withRetryAfter(Duration.ofSeconds(7)));
    emulator.inject(new Fault("templates", "create", 2, kind));
    assertThat(post("/templates", TEMPLATE).status()).isEqualTo(201);
    if (kind == Fault.Kind.SILENCE) {
      assertThatThrownBy(() -> post("/templates", TEMPLATE))
          .isInstanceOf(HttpTimeoutException.class);
    } else if (kind.status() == 0) {
      assertThatThrownBy(() -> post("/templates", TEMPLATE)).isInstanceOf(IOException.class);
    } else {
      Reply refused = post("/templates", TEMPLATE);
      assertThat(refused.status()).isEqualTo(kind.status());
      assertThat(refused.response().headers().firstValue("Retry-After").isPresent())
          .isEqualTo(kind == Fault.Kind.TOO_MANY_REQUESTS);
    }
    assertThat(emulator.stored("templates")).hasSize(kind.done() ? 2 : 1);
    assertThat(post("/templates", TEMPLATE).status()).isEqualTo(201);
    assertThat(emulator.calls()).extracting(RecordedCall::call).containsExactly(1, 2, 3);
    assertThat(emulator.calls()).extracting(RecordedCall::operation).containsOnly("create");
  }

  @Test
  void podsOfABrokenImageFail() throws Exception {
    emulator.breakImage("busybox");
    String pod = post("/pods", POD).body().get("id").stringValue();
    assertThat(status(pod)).isEqualTo("ERROR");
  }

  @Test
  void timeDoesNotGoBack() {
    assertThatThrownBy(() -> emulator.clock().advance(Duration.ofSeconds(-1)))
        .hasMessageContaining("cannot go back");
  }

  private void restart(RunPodEmulator.Settings settings) {
    emulator.close();
    emulator = RunPodEmulator.start(settings);
  }

  private static String body(String path) {
    return switch (path) {
      case "/pods" -> POD;
      case "/serverless" -> ENDPOINT;
      case "/templates" -> TEMPLATE;
      case "/network-volumes" -> VOLUME;
      case "/registries" -> REGISTRY;
      default -> SECRET;
    };
  }

  private String status(String pod) throws Exception {
    return call("GET", "/pods/" + pod, null).body().get("status").stringValue();
  }

  private int most(String endpoint) throws Exception {
    return call("GET", endpoint, null).body().get("workers").get("max").intValue();
  }

  private Reply post(String path, String body) throws Exception {
    return call("POST", path, body);
  }

  private Reply call(String method, String path, String body) throws Exception {
    return call(method, path, body, "key");
  }

  private Reply call(String method, String path, String body, String key) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(emulator.baseUrl() + path))
            .header("Authorization", "Bearer " + key)
            .timeout(Duration.ofSeconds(2))
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
    return new Reply(
        response.statusCode(),
        response.body().isEmpty() ? JSON.nullNode() : JSON.readTree(response.body()),
        response);
  }

  /** What the emulator answers is looked for in every list of the API. */
  @Test
  void listsHaveTheNamesOfTheSchema() throws Exception {
    List<String> names =
        List.of("pods", "endpoints", "templates", "networkVolumes", "registries", "secrets");
    List<String> paths =
        List.of(
            "/pods",
            "/serverless",
            "/templates",
            "/network-volumes",
            "/registries",
            "/account/secrets");
    for (int place = 0; place < names.size(); place++) {
      assertThat(call("GET", paths.get(place), null).body().has(names.get(place))).isTrue();
    }
  }
}
