package dev.mlinfra.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The little of RunPod's REST v2 that the command needs: lists, bills, logs, and the deletion of a
 * pod.
 */
final class RunPodApi {
  private static final String DEFAULT_URL = "https://api.runpod.io/v2";
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int NOT_FOUND = 404;
  private static final int FORBIDDEN = 403;
  private static final int CREATED = 201;
  private static final String EVENT_DATA = "data: ";

  private final HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
  private final String baseUrl;
  private final String key;

  /**
   * An account.
   *
   * @param baseUrl where the API is
   * @param key the account's
   */
  RunPodApi(String baseUrl, String key) {
    this.baseUrl = baseUrl;
    this.key = key;
  }

  /**
   * The account that the environment names.
   *
   * @throws CommandFailure when there is no key, or it would be sent in clear
   */
  static RunPodApi of(Map<String, String> environment) {
    String key = environment.getOrDefault("RUNPOD_API_KEY", "");
    if (key.isBlank()) {
      throw new CommandFailure(
          ExitCode.NOT_USABLE,
          "RUNPOD_API_KEY is not set; make a key in RunPod's console (Settings, API Keys) and export it");
    }
    String url = environment.getOrDefault("RUNPOD_BASE_URL", DEFAULT_URL);
    URI uri = URI.create(url);
    boolean local = List.of("127.0.0.1", "localhost").contains(uri.getHost());
    if (!"https".equals(uri.getScheme()) && !local) {
      throw new CommandFailure(
          ExitCode.WRONG_INPUT, "RUNPOD_BASE_URL is '" + url + "'; it must begin with https://");
    }
    return new RunPodApi(url, key);
  }

  /** The pods of the account. */
  List<RunPodPod> pods() {
    return list("/pods", "pods").stream().map(RunPodPod::of).toList();
  }

  /**
   * A list.
   *
   * @param path such as {@code /serverless}
   * @param name of the list in the answer
   */
  List<JsonNode> list(String path, String name) {
    HttpResponse<String> response = send("GET", path);
    if (response.statusCode() != 200) {
      throw failure("GET", path, response);
    }
    try {
      List<JsonNode> all = new ArrayList<>();
      JsonMapper.shared().readTree(response.body()).path(name).forEach(all::add);
      return all;
    } catch (JacksonException e) {
      throw new CommandFailure(ExitCode.NOT_USABLE, "RunPod answered no JSON to GET " + path);
    }
  }

  /**
   * What the whole account spent since the month began, in UTC; empty when the key may not read
   * bills.
   */
  OptionalDouble spentThisMonth(Instant now) {
    Instant start =
        now.atZone(ZoneOffset.UTC)
            .toLocalDate()
            .withDayOfMonth(1)
            .atStartOfDay(ZoneOffset.UTC)
            .toInstant();
    String path =
        "/billing?bucketSize=month&startTime=%s&endTime=%s"
            .formatted(start, now.truncatedTo(ChronoUnit.SECONDS));
    HttpResponse<String> response = send("GET", path);
    if (response.statusCode() == FORBIDDEN) {
      return OptionalDouble.empty();
    }
    if (response.statusCode() != 200) {
      throw failure("GET", "/billing", response);
    }
    return OptionalDouble.of(
        JsonMapper.shared()
            .readTree(response.body())
            .at("/metadata/totals/totalAmount")
            .asDouble(0));
  }

  /**
   * Gives the lines that a pod writes, as they come, until it ends.
   *
   * @throws CommandFailure when there is no such pod
   */
  void logs(String pod, Consumer<String> lines) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(baseUrl + "/pods/" + pod + "/logs"))
            .header("Authorization", "Bearer " + key)
            .header("Accept", "text/event-stream")
            .build();
    try {
      HttpResponse<Stream<String>> response =
          client.send(request, HttpResponse.BodyHandlers.ofLines());
      try (Stream<String> events = response.body()) {
        if (response.statusCode() != 200) {
          throw new CommandFailure(
              response.statusCode() == NOT_FOUND ? ExitCode.WRONG_INPUT : ExitCode.NOT_USABLE,
              response.statusCode() == NOT_FOUND
                  ? "there is no pod " + pod + "; mlinfra runpod status names those that are there"
                  : "RunPod answered %d to GET /pods/%s/logs"
                      .formatted(response.statusCode(), pod));
        }
        events
            .filter(line -> line.startsWith(EVENT_DATA))
            .map(line -> JsonMapper.shared().readTree(line.substring(EVENT_DATA.length())))
            .forEach(
                event ->
                    lines.accept(
                        event.path("ts").asString("") + " " + event.path("line").asString("")));
      }
    } catch (IOException | UncheckedIOException e) {
      throw unreachable(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure(ExitCode.NOT_USABLE, "interrupted");
    }
  }

  private CommandFailure unreachable(Exception problem) {
    return new CommandFailure(
        ExitCode.NOT_USABLE,
        "RunPod cannot be reached at " + baseUrl + ": " + problem.getMessage());
  }

  /**
   * The published description of the API.
   *
   * @param source a file or an address
   * @throws CommandFailure when it cannot be read
   */
  static String description(String source) {
    try {
      if (!source.startsWith("https://")) {
        return Files.readString(Path.of(source));
      }
      HttpResponse<String> response =
          HttpClient.newBuilder()
              .connectTimeout(PATIENCE)
              .followRedirects(HttpClient.Redirect.NORMAL)
              .build()
              .send(
                  HttpRequest.newBuilder(URI.create(source)).timeout(PATIENCE).build(),
                  HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new CommandFailure(
            ExitCode.NOT_USABLE, source + " answered " + response.statusCode());
      }
      return response.body();
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.NOT_USABLE, source + " cannot be read: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure(ExitCode.NOT_USABLE, "interrupted");
    }
  }

  /**
   * Makes a pod.
   *
   * @param body as the API takes it
   * @return the pod
   * @throws CommandFailure with the API's words when it refuses
   */
  RunPodPod createPod(String body) {
    HttpResponse<String> response =
        send("POST", "/pods", HttpRequest.BodyPublishers.ofString(body));
    if (response.statusCode() != CREATED) {
      String detail = "";
      try {
        detail = ": " + JsonMapper.shared().readTree(response.body()).path("detail").asString("");
      } catch (JacksonException noWords) {
        detail = "";
      }
      throw new CommandFailure(
          ExitCode.NOT_USABLE,
          "RunPod answered %d to POST /pods%s".formatted(response.statusCode(), detail));
    }
    return RunPodPod.of(JsonMapper.shared().readTree(response.body()));
  }

  /**
   * Sends what cannot be made, an empty template: a key that may not write is refused with 403
   * before anybody looks at it.
   *
   * @return the status of the answer
   */
  int tryToWrite() {
    return send("POST", "/templates", HttpRequest.BodyPublishers.ofString("{}")).statusCode();
  }

  /** Deletes a pod; one that is gone is fine. */
  void deletePod(String id) {
    HttpResponse<String> response = send("DELETE", "/pods/" + id);
    if (response.statusCode() / 100 != 2 && response.statusCode() != NOT_FOUND) {
      throw failure("DELETE", "/pods/" + id, response);
    }
  }

  private static CommandFailure failure(String method, String path, HttpResponse<String> response) {
    String fix =
        switch (response.statusCode()) {
          case 401 -> "; the key is wrong or was deleted";
          case 403 -> "; the key may not do that, give it the right in RunPod's console";
          case 429 -> "; too many calls, wait a minute";
          default -> "";
        };
    return new CommandFailure(
        ExitCode.NOT_USABLE,
        "RunPod answered %d to %s %s%s".formatted(response.statusCode(), method, path, fix));
  }

  private HttpResponse<String> send(String method, String path) {
    return send(method, path, HttpRequest.BodyPublishers.noBody());
  }

  private HttpResponse<String> send(String method, String path, HttpRequest.BodyPublisher body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(baseUrl + path))
            .timeout(PATIENCE)
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", "application/json")
            .method(method, body)
            .build();
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw unreachable(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure(ExitCode.NOT_USABLE, "interrupted");
    }
  }
}
