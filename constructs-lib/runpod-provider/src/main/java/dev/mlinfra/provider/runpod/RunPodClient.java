package dev.mlinfra.provider.runpod;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Calls REST v2. Reading, changing and deleting are repeated when they fail for a reason that
 * passes; making is repeated only when it surely did not happen.
 */
final class RunPodClient {
  private static final int NO_CONTENT = 204;
  private static final int TOO_MANY = 429;
  private static final int SERVER_ERROR = 500;

  private final HttpClient http;
  private final Settings settings;
  private final Cancellation cancellation;
  private final Clock clock;

  RunPodClient(Settings settings, Cancellation cancellation) {
    this(settings, cancellation, Clock.systemUTC());
  }

  RunPodClient(Settings settings, Cancellation cancellation, Clock clock) {
    this.settings = settings;
    this.cancellation = cancellation;
    this.clock = clock;
    http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(settings.requestTimeout())
            .build();
  }

  JsonObject get(String path) {
    return call("GET", path, Optional.empty(), true);
  }

  /** All entries of a list, whatever name it has in the answer. */
  List<JsonObject> list(String path, String member) {
    JsonElement list = get(path).get(member);
    if (list == null || !list.isJsonArray()) {
      throw new ProviderException(
          "RunPod's answer to GET "
              + path
              + " has no list '"
              + member
              + "'; is the base URL right?");
    }
    List<JsonObject> entries = new ArrayList<>();
    list.getAsJsonArray().forEach(entry -> entries.add(entry.getAsJsonObject()));
    return entries;
  }

  JsonObject patch(String path, JsonObject body) {
    return call("PATCH", path, Optional.of(body), true);
  }

  void delete(String path) {
    call("DELETE", path, Optional.empty(), true);
  }

  /**
   * Makes something.
   *
   * @throws LostAnswerException when it may have been made; look before trying again
   */
  JsonObject post(String path, JsonObject body) {
    return call("POST", path, Optional.of(body), false);
  }

  RetryPolicy retries() {
    return settings.retries();
  }

  static String segment(String id) {
    return URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private JsonObject call(
      String method, String path, Optional<JsonObject> body, boolean repeatable) {
    String call = method + " " + path;
    HttpRequest request = request(method, path, body);
    Instant begin = clock.instant();
    for (int attempt = 1; ; attempt++) {
      if (cancellation.isCancelled()) {
        throw new ProviderException("cancelled before " + call);
      }
      ProviderException failed;
      boolean again;
      Optional<Duration> asked = Optional.empty();
      try {
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        int status = response.statusCode();
        if (status < 300) {
          return parse(call, status, response.body());
        }
        asked = response.headers().firstValue("Retry-After").flatMap(this::retryAfter);
        ApiException refused = refused(call, response);
        failed =
            status >= SERVER_ERROR && !repeatable
                ? new LostAnswerException(refused.getMessage(), refused)
                : refused;
        // Too many requests: surely not done, so that even making can be repeated.
        again = status == TOO_MANY || (status >= SERVER_ERROR && repeatable);
      } catch (ConnectException unreachable) {
        failed =
            new ProviderException(
                call + " failed: nobody answers at " + settings.baseUrl(), unreachable);
        again = true;
      } catch (IOException | JsonParseException lost) {
        failed = new LostAnswerException(call + " got no whole answer: " + reason(lost), lost);
        again = repeatable;
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new LostAnswerException(call + " was interrupted", interrupted);
      }
      Duration spent = Duration.between(begin, clock.instant());
      Optional<Duration> wait =
          again ? settings.retries().next(attempt, spent, asked) : Optional.empty();
      if (wait.isEmpty()) {
        throw failed;
      }
      cancellation.sleep(wait.get());
    }
  }

  private HttpRequest request(String method, String path, Optional<JsonObject> body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(settings.baseUrl() + path))
            .timeout(settings.requestTimeout())
            .header("Accept", "application/json")
            .header("User-Agent", "mlinfra-runpod/" + PackageSchema.get().version())
            .header("Authorization", "Bearer " + settings.requireApiKey());
    if (body.isPresent()) {
      return request
          .header("Content-Type", "application/json")
          .method(method, HttpRequest.BodyPublishers.ofString(body.get().toString()))
          .build();
    }
    return request.method(method, HttpRequest.BodyPublishers.noBody()).build();
  }

  private static JsonObject parse(String call, int status, String body) {
    if (status == NO_CONTENT || body.isBlank()) {
      return new JsonObject();
    }
    JsonElement answer = JsonParser.parseString(body);
    if (!answer.isJsonObject()) {
      throw new JsonParseException("the answer to " + call + " is no JSON object");
    }
    return answer.getAsJsonObject();
  }

  private static ApiException refused(String call, HttpResponse<String> response) {
    JsonObject problem = new JsonObject();
    try {
      JsonElement parsed = JsonParser.parseString(response.body());
      if (parsed.isJsonObject()) {
        problem = parsed.getAsJsonObject();
      }
    } catch (JsonParseException noJson) {
      // A gateway answers with a page; its status says enough.
      problem = new JsonObject();
    }
    return ApiException.of(
        call,
        response.statusCode(),
        problem,
        response.headers().firstValue("x-request-id").orElse(""));
  }

  /** Seconds, or a date. */
  private Optional<Duration> retryAfter(String header) {
    try {
      return Optional.of(Duration.ofSeconds(Long.parseLong(header.strip())));
    } catch (NumberFormatException noSeconds) {
      try {
        Instant then =
            ZonedDateTime.parse(header.strip(), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
        return Optional.of(Duration.between(clock.instant(), then))
            .filter(time -> !time.isNegative());
      } catch (DateTimeException noDate) {
        return Optional.empty();
      }
    }
  }

  private static String reason(Exception problem) {
    return problem.getMessage() == null ? problem.getClass().getSimpleName() : problem.getMessage();
  }
}
