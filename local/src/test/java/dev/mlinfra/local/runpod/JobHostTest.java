package dev.mlinfra.local.runpod;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class JobHostTest {
  private static final JsonMapper JSON = JsonMapper.shared();

  @TempDir Path folder;

  private final RunPodEmulator emulator = RunPodEmulator.start();
  private final HttpClient http = HttpClient.newHttpClient();

  @BeforeEach
  void withAWorker() {
    emulator.serveJobs(
        new WorkerProgram(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                EchoWorker.class.getName()),
            folder,
            folder.resolve("volumes"),
            folder.resolve("worker.log")));
  }

  @AfterEach
  void leavesNoProcess() {
    emulator.close();
    assertThat(
            ProcessHandle.current()
                .children()
                .filter(ProcessHandle::isAlive)
                .filter(it -> it.info().commandLine().orElse("").contains("EchoWorker")))
        .isEmpty();
  }

  private String endpoint(String environment, int timeout) {
    return emulator.createOutside(
        "serverless",
        """
        {"name": "e", "image": "worker", "type": "QUEUE", "gpu": {"pools": ["AMPERE_48"]},
         "scaling": {"type": "QUEUE_DELAY", "queueDelay": 4}, "env": %s, "timeout": %d}"""
            .formatted(environment, timeout));
  }

  private JsonNode call(String method, String path, String body, int status) throws Exception {
    HttpResponse<String> response =
        http.send(
            HttpRequest.newBuilder(URI.create(emulator.baseUrl() + path))
                .header("Authorization", "Bearer key")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    return JSON.readTree(response.body());
  }

  @Test
  void aJobRunsWithTheEndpointsVariablesAndNoneOfThisMachine() throws Exception {
    String volume =
        emulator.createOutside(
            "network-volumes", "{\"name\": \"v\", \"size\": 10, \"dataCenter\": \"EU-RO-1\"}");
    emulator.createOutside("secrets", "{\"name\": \"model-key\", \"value\": \"hidden\"}");
    String id =
        endpoint(
            "{\"A\": \"1\", \"KEY\": \"{{ RUNPOD_SECRET_model-key }}\","
                + " \"NONE\": \"{{ RUNPOD_SECRET_none }}\", \"VOLUME_PATH\": \"/runpod-volume\"}",
            60_000);
    emulator.changeOutside("serverless", id, "{\"networkVolumes\": [\"" + volume + "\"]}");

    JsonNode job = call("POST", "/" + id + "/runsync", "{\"input\": {}}", 200);

    assertThat(job.path("status").asString()).isEqualTo("COMPLETED");
    JsonNode environment = job.at("/output/environment");
    assertThat(environment.path("A").asString()).isEqualTo("1");
    assertThat(environment.path("KEY").asString()).isEqualTo("hidden");
    assertThat(environment.path("NONE").asString()).isEqualTo("{{ RUNPOD_SECRET_none }}");
    assertThat(environment.path("RUNPOD_ENDPOINT_ID").asString()).isEqualTo(id);
    assertThat(environment.path("VOLUME_PATH").asString())
        .isEqualTo(folder.resolve("volumes").resolve(volume).toString());
    assertThat(environment.has("HOME")).isFalse();
    assertThat(folder.resolve("volumes").resolve(volume)).isDirectory();
    JsonNode health = call("GET", "/" + id + "/health", "", 200);
    assertThat(health.at("/jobs/completed").asInt()).isEqualTo(1);
    assertThat(health.at("/workers/idle").asInt()).isEqualTo(1);
  }

  @Test
  void aJobIsAskedForLater() throws Exception {
    String id = endpoint("{}", 60_000);

    String job = call("POST", "/" + id + "/run", "{\"input\": {}}", 200).path("id").asString();
    JsonNode status = call("GET", "/" + id + "/status/" + job, "", 200);
    for (int i = 0; i < 200 && status.path("status").asString().startsWith("IN_"); i++) {
      Thread.sleep(50);
      status = call("GET", "/" + id + "/status/" + job, "", 200);
    }

    assertThat(status.path("status").asString()).isEqualTo("COMPLETED");
    assertThat(status.path("executionTime").asLong()).isPositive();
    call("GET", "/" + id + "/status/none", "", 404);
  }

  @Test
  void aJobFailsTakesTooLongOrIsCancelled() throws Exception {
    String id = endpoint("{}", 2_000);
    String runSync = "/" + id + "/runsync";

    JsonNode failed = call("POST", runSync, "{\"input\": {\"error\": \"no model\"}}", 200);
    assertThat(failed.path("status").asString()).isEqualTo("FAILED");
    assertThat(failed.path("error").asString()).isEqualTo("no model");

    JsonNode late = call("POST", runSync, "{\"input\": {\"sleepMillis\": 60000}}", 200);
    assertThat(late.path("status").asString()).isEqualTo("TIMED_OUT");
    assertThat(late.path("error").asString()).contains("PT2S");

    JsonNode dead = call("POST", runSync, "{\"input\": {\"exit\": true}}", 200);
    assertThat(dead.path("status").asString()).isEqualTo("FAILED");

    // The next one gets a new worker.
    assertThat(call("POST", runSync, "{\"input\": {}}", 200).path("status").asString())
        .isEqualTo("COMPLETED");

    call("POST", "/" + id + "/run", "{\"input\": {\"sleepMillis\": 1000}}", 200);
    String waiting = call("POST", "/" + id + "/run", "{\"input\": {}}", 200).path("id").asString();
    assertThat(call("POST", "/" + id + "/cancel/" + waiting, "", 200).path("status").asString())
        .isEqualTo("CANCELLED");
  }

  @Test
  void aChangedEndpointGetsAnotherWorker() throws Exception {
    String id = endpoint("{\"A\": \"1\"}", 60_000);
    call("POST", "/" + id + "/runsync", "{\"input\": {}}", 200);

    emulator.changeOutside("serverless", id, "{\"env\": {\"A\": \"2\"}}");

    assertThat(
            call("POST", "/" + id + "/runsync", "{\"input\": {}}", 200)
                .at("/output/environment/A")
                .asString())
        .isEqualTo("2");
  }

  @Test
  void refusesWhatItCannotDo() throws Exception {
    String id = endpoint("{}", 60_000);

    call("POST", "/aaaaaaaaaaaaaa/runsync", "{\"input\": {}}", 404);
    call("DELETE", "/" + id + "/health", "", 405);
    call("POST", "/" + id + "/runsync", "{}", 400);
    call("POST", "/" + id + "/runsync", "{", 400);
    String broken = endpoint("{\"BROKEN\": \"yes\"}", 60_000);
    JsonNode answer = call("POST", "/" + broken + "/runsync", "{\"input\": {}}", 200);
    assertThat(answer.path("status").asString()).isEqualTo("FAILED");
    assertThat(answer.path("error").asString()).contains("ended while it started");
    try (RunPodEmulator without = RunPodEmulator.start()) {
      String alone =
          without.createOutside(
              "serverless",
              """
              {"name": "e", "image": "worker", "type": "QUEUE", "gpu": {"pools": ["AMPERE_48"]},
               "scaling": {"type": "QUEUE_DELAY", "queueDelay": 4}}""");
      HttpResponse<String> response =
          http.send(
              HttpRequest.newBuilder(URI.create(without.baseUrl() + "/" + alone + "/health"))
                  .header("Authorization", "Bearer key")
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(response.statusCode()).isEqualTo(503);
    }
  }
}
