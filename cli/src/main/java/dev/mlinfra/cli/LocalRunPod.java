package dev.mlinfra.cli;

import dev.mlinfra.core.Defaults;
import dev.mlinfra.core.Environment;
import dev.mlinfra.core.Pattern;
import dev.mlinfra.core.Prefixes;
import dev.mlinfra.local.runpod.RunPodEmulator;
import dev.mlinfra.local.runpod.WorkerProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The RunPod part of an environment on the emulated RunPod: deployed by the real Pulumi CLI with
 * the project's provider, jobs done by the project's worker. It lives as long as this object.
 */
final class LocalRunPod implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Duration JOB_LIMIT = Duration.ofMinutes(5);

  /** The emulator takes any key. */
  private static final String KEY = "local";

  private final Path folder;
  private final String environment;
  // The program of the stack gives the folders no other names.
  private final Prefixes prefixes = Defaults.of(Pattern.BATCH).data().prefixes();
  private final RunPodEmulator emulator = RunPodEmulator.start();
  private final LocalPulumi pulumi;
  private JsonNode outputs;

  LocalRunPod(Workspace workspace, Environment environment) {
    this.environment = environment.name();
    Path made = workspace.made("quickstart");
    this.folder = Folders.create(made.resolve(environment.name()).resolve("runpod"));
    Path logs = Folders.create(made.resolve("logs"));
    emulator.serveJobs(
        new WorkerProgram(
            List.of(workspace.python("worker").toString(), "handler.py"),
            workspace.root().resolve("images/runpod-worker"),
            folder.resolve("volumes"),
            logs.resolve("runpod-worker.log")));
    pulumi =
        new LocalPulumi(
            workspace,
            folder.resolve("pulumi"),
            logs,
            Map.of("RUNPOD_BASE_URL", emulator.baseUrl(), "RUNPOD_API_KEY", KEY));
  }

  /**
   * Previews the stack of an environment in an empty account.
   *
   * @param file takes what {@code pulumi preview --json} writes
   * @return what the stack has, in a few words
   */
  static String preview(Workspace workspace, String environment, Path file) {
    String stack = "runpod-" + environment;
    Path logs = Folders.create(workspace.made("logs"));
    try (RunPodEmulator account = RunPodEmulator.start();
        LocalPulumi pulumi =
            new LocalPulumi(
                workspace,
                workspace.made("previews").resolve(stack),
                logs,
                Map.of("RUNPOD_BASE_URL", account.baseUrl(), "RUNPOD_API_KEY", KEY))) {
      pulumi.run("stack-init", "stack", "init", stack);
      String json =
          pulumi.run("preview", "preview", "--stack", stack, "--json", "--non-interactive");
      Files.writeString(file, json);
      return "%s has %d resources"
          .formatted(stack, JSON.readTree(json).at("/changeSummary/create").asInt());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Deploys the stack. */
  String deploy() {
    String stack = "runpod-" + environment;
    pulumi.run("stack-init", "stack", "init", stack);
    pulumi.run("up", "up", "--stack", stack, "--yes", "--skip-preview", "--non-interactive");
    outputs = JSON.readTree(pulumi.run("output", "stack", "output", "--stack", stack, "--json"));
    return "endpoint %s, volume %s".formatted(output("endpointId"), output("volumeId"));
  }

  /**
   * Predicts through the endpoint.
   *
   * @param model the ONNX model
   * @param scaler its scaler
   * @param data the rows
   * @return the file with the predictions
   */
  Path predict(Path model, Path scaler, Path data) {
    Map<String, String> input = new TreeMap<>();
    // RunPod's S3-compatible storage puts files there; here the volume is a folder.
    input.put("model_path", upload(prefixes.models(), model));
    input.put("scaler_path", upload(prefixes.models(), scaler));
    input.put("data_path", upload(prefixes.datasets(), data));
    String result = prefixes.results() + "/quickstart/predictions.csv";
    input.put("output_path", "/runpod-volume/" + result);
    JsonNode answer = call(JSON.writeValueAsString(Map.of("input", input)));
    if (!answer.path("status").asString("").equals("COMPLETED")) {
      throw new CommandFailure(ExitCode.NOT_USABLE, "the worker did not predict: " + answer);
    }
    return volume().resolve(result);
  }

  private JsonNode call(String body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(output("runSyncUrl")))
            .timeout(JOB_LIMIT)
            .header("Authorization", "Bearer " + KEY)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    try {
      HttpResponse<String> response =
          HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
      return JSON.readTree(response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure(ExitCode.NOT_USABLE, "interrupted");
    }
  }

  private String upload(String prefix, Path file) {
    String name = prefix + "/quickstart/" + file.getFileName();
    Path target = volume().resolve(name);
    Folders.create(target.getParent());
    try {
      Files.write(target, Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return "/runpod-volume/" + name;
  }

  private Path volume() {
    return folder.resolve("volumes").resolve(output("volumeId"));
  }

  private String output(String name) {
    String value = outputs.path(name).asString("");
    if (value.isEmpty()) {
      throw new CommandFailure(
          ExitCode.NOT_USABLE,
          String.format(Locale.ROOT, "the stack has no output '%s': %s", name, outputs));
    }
    return value;
  }

  /** Ends the emulator with its worker and removes what was deployed to it. */
  @Override
  public void close() {
    emulator.close();
    pulumi.close();
    Folders.delete(folder);
  }
}
