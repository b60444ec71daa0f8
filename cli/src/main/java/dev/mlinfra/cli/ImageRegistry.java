package dev.mlinfra.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Asks a container registry for an image, as somebody without an account there. */
final class ImageRegistry {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final String MANIFESTS =
      "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json,"
          + " application/vnd.docker.distribution.manifest.list.v2+json,"
          + " application/vnd.docker.distribution.manifest.v2+json";
  private static final Pattern PARAMETER = Pattern.compile("(\\w+)=\"([^\"]*)\"");

  private final HttpClient client =
      HttpClient.newBuilder()
          .connectTimeout(PATIENCE)
          .followRedirects(HttpClient.Redirect.NORMAL)
          .build();

  /** What a registry says of an image. */
  enum Found {
    /** Everybody can pull it. */
    PUBLIC,
    /** It is not there, or hidden from those who may not pull it. */
    PRIVATE,
    /** It is not there. */
    MISSING,
    /** The registry does not answer as one. */
    UNREACHABLE
  }

  /**
   * Where an image is.
   *
   * @param host of the registry
   * @param name within it
   * @param reference a tag or a digest
   */
  record Image(String host, String name, String reference) {

    /**
     * Reads {@code registry.example.com/ml-agent/worker:1.0}; without a host it is Docker Hub's.
     */
    static Image of(String text) {
      int slash = text.indexOf('/');
      String first = slash < 0 ? "" : text.substring(0, slash);
      boolean hosted = first.contains(".") || first.contains(":") || first.equals("localhost");
      String rest = hosted ? text.substring(slash + 1) : text;
      int digest = rest.indexOf('@');
      int tag = digest < 0 ? rest.lastIndexOf(':') : digest;
      String name = tag < 0 ? rest : rest.substring(0, tag);
      return new Image(
          hosted ? first : "registry-1.docker.io",
          hosted || name.contains("/") ? name : "library/" + name,
          tag < 0 ? "latest" : rest.substring(tag + 1));
    }

    URI manifest() {
      // Registries on this machine speak no TLS, as Docker has it too.
      boolean local = host.matches("(127\\.0\\.0\\.1|localhost)(:[0-9]+)?");
      return URI.create(
          "%s://%s/v2/%s/manifests/%s".formatted(local ? "http" : "https", host, name, reference));
    }
  }

  /** Looks for an image. */
  Found find(Image image) {
    try {
      HttpResponse<String> response = head(image, Optional.empty());
      Optional<String> challenge = response.headers().firstValue("WWW-Authenticate");
      if (response.statusCode() == UNAUTHORIZED && challenge.isPresent()) {
        Optional<String> token = token(challenge.get());
        if (token.isPresent()) {
          response = head(image, token);
        }
      }
      return switch (response.statusCode()) {
        case 200 -> Found.PUBLIC;
        case UNAUTHORIZED, FORBIDDEN -> Found.PRIVATE;
        case NOT_FOUND -> Found.MISSING;
        default -> Found.UNREACHABLE;
      };
    } catch (IOException | IllegalArgumentException | JacksonException e) {
      return Found.UNREACHABLE;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure(ExitCode.NOT_USABLE, "interrupted");
    }
  }

  private HttpResponse<String> head(Image image, Optional<String> token)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(image.manifest())
            .timeout(PATIENCE)
            .header("Accept", MANIFESTS)
            .method("HEAD", HttpRequest.BodyPublishers.noBody());
    token.ifPresent(it -> request.header("Authorization", "Bearer " + it));
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  /** A token for everybody, by which public images are pulled. */
  private Optional<String> token(String challenge) throws IOException, InterruptedException {
    if (!challenge.startsWith("Bearer ")) {
      return Optional.empty();
    }
    String realm = "";
    StringBuilder query = new StringBuilder();
    Matcher parameter = PARAMETER.matcher(challenge);
    while (parameter.find()) {
      if (parameter.group(1).equals("realm")) {
        realm = parameter.group(2);
      } else if (List.of("service", "scope").contains(parameter.group(1))) {
        query.append(query.isEmpty() ? "?" : "&").append(parameter.group());
      }
    }
    URI address = URI.create(realm + query.toString().replace("\"", ""));
    HttpResponse<String> response =
        client.send(
            HttpRequest.newBuilder(address).timeout(PATIENCE).build(),
            HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      return Optional.empty();
    }
    var answer = JsonMapper.shared().readTree(response.body());
    return answer
        .path("token")
        .stringValueOpt()
        .or(() -> answer.path("access_token").stringValueOpt());
  }
}
