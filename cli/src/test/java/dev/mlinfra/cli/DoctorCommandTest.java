package dev.mlinfra.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.mlinfra.cli.RunPodDoctor.Check;
import dev.mlinfra.cli.RunPodDoctor.Result;
import dev.mlinfra.core.Environment;
import dev.mlinfra.core.EnvironmentLoader;
import dev.mlinfra.local.runpod.RunPodEmulator;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.json.JsonMapper;

class DoctorCommandTest {
  private static final String VOLUME =
      """
      {"name": "ml-agent-dev-predictions-volume-1", "size": %d, "dataCenter": "%s"}""";

  @TempDir Path folder;

  private final RunPodEmulator account = RunPodEmulator.start();
  private HttpServer registry;

  @BeforeEach
  void registry() throws IOException {
    registry = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    registry.createContext("/", this::answer);
    registry.start();
  }

  @AfterEach
  void stop() {
    registry.stop(0);
    account.close();
  }

  /**
   * As Docker Hub: nothing without a token, a token for everybody, and not all is for everybody.
   */
  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      String key = exchange.getRequestHeaders().getFirst("Authorization");
      if (path.equals("/token")) {
        assertThat(exchange.getRequestURI().getQuery()).contains("service=here").contains("scope=");
        byte[] token = "{\"token\": \"everybody\"}".getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, token.length);
        exchange.getResponseBody().write(token);
      } else if (!"Bearer everybody".equals(key)) {
        exchange
            .getResponseHeaders()
            .set(
                "WWW-Authenticate",
                "Bearer realm=\"http://127.0.0.1:%d/token\",service=\"here\",scope=\"repository:pull\""
                    .formatted(registry.getAddress().getPort()));
        exchange.sendResponseHeaders(401, -1);
      } else if (path.equals("/v2/ml/worker/manifests/1.0")) {
        exchange.sendResponseHeaders(200, -1);
      } else {
        exchange.sendResponseHeaders(path.contains("private") ? 403 : 404, -1);
      }
    }
  }

  private Map<String, Check> examine(String key, String image, Map<String, String> more)
      throws IOException {
    Map<String, String> variables = new HashMap<>(more);
    variables.put("RUNPOD_API_KEY", key);
    variables.put("RUNPOD_BASE_URL", account.baseUrl());
    Map<String, Check> checks = new TreeMap<>();
    new RunPodDoctor(variables, environment(image), output -> "")
        .examine()
        .forEach(check -> checks.put(check.what().split(" image ", 2)[0], check));
    return checks;
  }

  private Environment environment(String image) throws IOException {
    Path root = Path.of(System.getProperty("mlinfra.root", ".."));
    Files.writeString(
        folder.resolve("base.yaml"), Files.readString(root.resolve("environments/base.yaml")));
    Path file =
        Files.writeString(
            folder.resolve("dev.yaml"),
            """
            schema: mlinfra/v1
            extends: base.yaml
            environment: dev
            runpod:
              dataCenter: EU-RO-1
              volumeGb: 100
              endpoint: { image: "127.0.0.1:%d/%s" }
            """
                .formatted(registry.getAddress().getPort(), image));
    return new EnvironmentLoader(Map.of()).load(file);
  }

  @Test
  void allIsFineOfADeployedStack() throws IOException {
    account.createOutside("network-volumes", VOLUME.formatted(100, "EU-RO-1"));

    Map<String, Check> checks = examine("key", "ml/worker:1.0", Map.of());

    assertThat(checks).hasSize(7);
    assertThat(checks.get("key may write").detail()).contains("refused for being empty");
    assertThat(checks.get("volume ml-agent-dev-predictions-volume").detail())
        .isEqualTo("100 GB in EU-RO-1");
    assertThat(checks.get("worker's").detail()).isEqualTo("everybody can pull it");
    Check storage = checks.remove("S3-compatible storage");
    assertThat(storage.result()).isEqualTo(Result.SKIPPED);
    assertThat(storage.fix()).contains("RUNPOD_S3_ACCESS_KEY and RUNPOD_S3_SECRET_KEY");
    assertThat(checks.values()).extracting(Check::result).containsOnly(Result.FINE);
    // It looked, and made nothing.
    assertThat(account.stored("templates")).isEmpty();
  }

  @Test
  void tellsWhatIsWrongWithItsFix() throws IOException {
    account.createOutside("network-volumes", VOLUME.formatted(50, "EU-RO-1"));

    Map<String, Check> checks =
        examine(
            "read-only",
            "ml/private:1.0",
            Map.of("RUNPOD_S3_ACCESS_KEY", "user_1", "RUNPOD_S3_SECRET_KEY", "rps_1"));

    assertThat(checks.get("key may write"))
        .extracting(Check::result, Check::detail)
        .containsExactly(Result.WRONG, "RunPod answered 403");
    assertThat(checks.get("volume ml-agent-dev-predictions-volume"))
        .extracting(Check::result, Check::detail, Check::fix)
        .containsExactly(
            Result.WRONG, "50 GB in EU-RO-1; the file says 100 GB", "pulumi up -s runpod-dev");
    assertThat(checks.get("worker's"))
        .extracting(Check::result, Check::detail)
        .containsExactly(Result.WRONG, "is not there for everybody");
    assertThat(checks.get("S3-compatible storage").fix())
        .contains("pulumi stack output -s runpod-dev --json >.mlinfra/outputs/dev/runpod.json");
  }

  @Test
  void tellsWhatIsElsewhereTwiceOrMissing() throws IOException {
    account.createOutside("network-volumes", VOLUME.formatted(100, "EU-CZ-1"));
    assertThat(examine("key", "ml/none:1.0", Map.of()))
        .hasEntrySatisfying(
            "volume ml-agent-dev-predictions-volume",
            check ->
                assertThat(check.detail()).isEqualTo("100 GB in EU-CZ-1; the file says EU-RO-1"))
        .hasEntrySatisfying(
            "worker's", check -> assertThat(check.fix()).contains("build images/runpod-worker"));
    account.createOutside("network-volumes", VOLUME.formatted(100, "EU-RO-1"));
    assertThat(examine("key", "ml/none:1.0", Map.of()))
        .hasEntrySatisfying(
            "volume ml-agent-dev-predictions-volume",
            check -> assertThat(check.detail()).isEqualTo("2 of that name"));
  }

  @Test
  void withoutAKeyTheRestIsLookedAt() throws IOException {
    Map<String, Check> checks = examine("", "ml/worker:1.0", Map.of());

    assertThat(checks.get("key").fix()).isEqualTo("export RUNPOD_API_KEY");
    assertThat(checks.get("worker's").result()).isEqualTo(Result.FINE);
    assertThat(checks).hasSize(3);
  }

  @Test
  void storageThatDoesNotAnswerIsWrong() throws IOException {
    Map<String, String> outputs =
        Map.of(
            "s3Endpoint",
            "http://127.0.0.1:1/",
            "s3Region",
            "EU-RO-1",
            "volumeId",
            "a1b2c3d4e5f6g7");
    List<Check> checks =
        new RunPodDoctor(
                Map.of("RUNPOD_S3_ACCESS_KEY", "user_1", "RUNPOD_S3_SECRET_KEY", "rps_hidden"),
                environment("ml/worker:1.0"),
                output -> outputs.getOrDefault(output, ""))
            .examine();

    assertThat(checks)
        .filteredOn(it -> it.what().equals("S3-compatible storage"))
        .singleElement()
        .satisfies(
            it -> {
              assertThat(it.result()).isEqualTo(Result.WRONG);
              assertThat(it.detail()).contains("a1b2c3d4e5f6g7 at http://127.0.0.1:1/");
              assertThat(it.toString()).doesNotContain("rps_hidden");
            });
  }

  @Test
  void theCommandTellsInTextAndJson() {
    DoctorCommand command = new DoctorCommand();
    command.variables = Map.of("RUNPOD_API_KEY", "key", "RUNPOD_BASE_URL", account.baseUrl());
    StringWriter text = new StringWriter();
    int exitCode = new CommandLine(command).setOut(new PrintWriter(text, true)).execute();

    // The shipped environment names an image of a registry that is not there.
    assertThat(exitCode).isEqualTo(ExitCode.NOT_USABLE);
    assertThat(text.toString())
        .contains("fine     key may read pods: 0 there")
        .contains("skipped  volume ml-agent-dev-predictions-volume: is not there yet")
        .contains("         fix: pulumi up -s runpod-dev")
        .contains("wrong    worker's image registry.example.com/");

    StringWriter json = new StringWriter();
    new CommandLine(command)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setOut(new PrintWriter(json, true))
        .execute("--output", "json");
    assertThat(JsonMapper.shared().readTree(json.toString()).get(0).get("result").asString())
        .isEqualTo("fine");
  }

  @Test
  void readsNamesOfImages() {
    assertThat(ImageRegistry.Image.of("python:3.11"))
        .isEqualTo(new ImageRegistry.Image("registry-1.docker.io", "library/python", "3.11"));
    assertThat(ImageRegistry.Image.of("runpod/base"))
        .isEqualTo(new ImageRegistry.Image("registry-1.docker.io", "runpod/base", "latest"));
    assertThat(ImageRegistry.Image.of("registry.example.com:5000/a/b@sha256:" + "0".repeat(64)))
        .isEqualTo(
            new ImageRegistry.Image(
                "registry.example.com:5000", "a/b", "sha256:" + "0".repeat(64)));
    assertThat(new ImageRegistry().find(ImageRegistry.Image.of("127.0.0.1:1/a:1")))
        .isEqualTo(ImageRegistry.Found.UNREACHABLE);
  }
}
