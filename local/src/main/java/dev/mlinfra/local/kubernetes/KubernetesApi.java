package dev.mlinfra.local.kubernetes;

import dev.mlinfra.local.LocalException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Speaks with an API server as the administrator. */
public final class KubernetesApi {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final int OK = 200;
  private static final int NOT_FOUND = 404;
  private static final int REFUSED = 400;

  /** Who owns the fields that are applied here. */
  private static final String MANAGER = "fieldManager=mlinfra";

  private final URI server;
  private final Path certificate;
  private final String token;
  private final HttpClient client;
  private final Map<String, JsonNode> kinds = new ConcurrentHashMap<>();

  /**
   * What the server says.
   *
   * @param status HTTP status
   * @param body the object, or the {@code Status} that says what is wrong
   * @param warnings what it warns of, such as pods that Pod Security would refuse
   */
  public record Answer(int status, JsonNode body, List<String> warnings) {
    /** Whether the server did what was asked. */
    public boolean isAccepted() {
      return status < REFUSED;
    }

    /** What is wrong, in the server's words. */
    public String message() {
      return body.path("message").asString("");
    }
  }

  KubernetesApi(URI server, Path certificate, SSLContext trust, String token) {
    this.server = server;
    this.certificate = certificate;
    this.token = token;
    this.client = HttpClient.newBuilder().sslContext(trust).connectTimeout(LIMIT).build();
  }

  /** The server's address. */
  public URI server() {
    return server;
  }

  /** The certificate by which clients know the server, in PEM. */
  public Path certificate() {
    return certificate;
  }

  /** A key with every right; dies with the server. */
  public String token() {
    return token;
  }

  boolean isReady() {
    try {
      return send("GET", "/readyz", Optional.empty()).status() == OK;
    } catch (LocalException notYet) {
      return false;
    }
  }

  /**
   * Applies an object on the server's side, with unknown and doubled fields refused.
   *
   * @param object as in a manifest, with apiVersion, kind and name
   */
  public Answer apply(JsonNode object) {
    return send(
        "PATCH",
        path(object) + "?" + MANAGER + "&force=true&fieldValidation=Strict",
        Optional.of(object));
  }

  /** Asks what would become of an object, without making it. */
  public Answer dryRun(JsonNode object) {
    return send(
        "PATCH",
        path(object) + "?" + MANAGER + "&force=true&fieldValidation=Strict&dryRun=All",
        Optional.of(object));
  }

  /** Reads an object; empty if there is none. */
  public Optional<JsonNode> read(JsonNode object) {
    Answer answer = send("GET", path(object), Optional.empty());
    if (answer.status() == NOT_FOUND) {
      return Optional.empty();
    }
    return Optional.of(accepted(answer));
  }

  /** Deletes an object; one that is gone already is fine. */
  public void delete(JsonNode object) {
    Answer answer = send("DELETE", path(object), Optional.empty());
    if (answer.status() != NOT_FOUND) {
      accepted(answer);
    }
  }

  /**
   * Sends a request of any kind.
   *
   * @param method such as POST
   * @param path with its query
   * @param body a JSON body; PATCH applies
   */
  public Answer send(String method, String path, Optional<JsonNode> body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.resolve(path))
            .timeout(LIMIT)
            .header("Authorization", "Bearer " + token)
            .header("Accept", "application/json")
            // JSON is YAML.
            .header(
                "Content-Type",
                method.equals("PATCH") ? "application/apply-patch+yaml" : "application/json")
            .method(
                method,
                body.map(it -> HttpRequest.BodyPublishers.ofString(it.toString()))
                    .orElseGet(HttpRequest.BodyPublishers::noBody));
    try {
      HttpResponse<String> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return new Answer(
          response.statusCode(), json(response.body()), response.headers().allValues("Warning"));
    } catch (IOException problem) {
      throw new LocalException("Kubernetes does not answer at " + server, problem);
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
      throw new LocalException("Interrupted while Kubernetes answered", interruption);
    }
  }

  /** Probes answer with a plain word. */
  private static JsonNode json(String body) {
    try {
      return JSON.readTree(body);
    } catch (JacksonException plain) {
      ObjectNode node = JSON.createObjectNode();
      node.put("message", body);
      return node;
    }
  }

  private static JsonNode accepted(Answer answer) {
    if (!answer.isAccepted()) {
      throw new LocalException("Kubernetes answers " + answer.status() + ": " + answer.message());
    }
    return answer.body();
  }

  /** Where an object is, by what the server says of its kind. */
  private String path(JsonNode object) {
    String version = object.path("apiVersion").asString("");
    String kind = object.path("kind").asString("");
    String base = version.contains("/") ? "/apis/" + version : "/api/" + version;
    JsonNode resource = resource(base, version, kind);
    JsonNode metadata = object.path("metadata");
    String namespace =
        resource.path("namespaced").asBoolean()
            ? "/namespaces/" + metadata.path("namespace").asString("default")
            : "";
    return base
        + namespace
        + "/"
        + resource.path("name").asString()
        + "/"
        + metadata.path("name").asString();
  }

  private JsonNode resource(String base, String version, String kind) {
    for (JsonNode one : kinds.computeIfAbsent(base, this::discover).path("resources")) {
      if (one.path("kind").asString("").equals(kind)
          && !one.path("name").asString().contains("/")) {
        return one;
      }
    }
    throw new LocalException("Kubernetes knows no kind '%s' in '%s'".formatted(kind, version));
  }

  private JsonNode discover(String base) {
    return accepted(send("GET", base, Optional.empty()));
  }
}
