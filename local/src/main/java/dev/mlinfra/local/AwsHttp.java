package dev.mlinfra.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signed requests to the emulator's service API. While IAM is enforced the emulator checks
 * signatures, so these are real ones (Signature Version 4).
 */
final class AwsHttp {
  static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .proxy(HttpClient.Builder.NO_PROXY)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final URI endpoint;
  private final String region;

  AwsHttp(URI endpoint, String region) {
    this.endpoint = endpoint;
    this.region = region;
  }

  /** An answer of the emulator, whatever its status. */
  static final class Answer {
    private final int status;
    private final byte[] bytes;

    Answer(int status, byte[] bytes) {
      this.status = status;
      this.bytes = bytes;
    }

    int status() {
      return status;
    }

    byte[] bytes() {
      return bytes;
    }

    String text() {
      return new String(bytes, UTF_8);
    }

    boolean isSuccess() {
      return status / 100 == 2;
    }
  }

  /** Asks an address of the emulator that needs no signature. */
  Answer plain(String method, String pathAndQuery, Map<String, String> headers, String body) {
    return plain(method, pathAndQuery, headers, body, TIMEOUT);
  }

  Answer plain(
      String method,
      String pathAndQuery,
      Map<String, String> headers,
      String body,
      Duration timeout) {
    return send(method, pathAndQuery, headers, body.getBytes(UTF_8), timeout);
  }

  private Answer send(
      String method,
      String pathAndQuery,
      Map<String, String> headers,
      byte[] body,
      Duration timeout) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(endpoint.resolve(pathAndQuery))
            .timeout(timeout)
            .method(method, HttpRequest.BodyPublishers.ofByteArray(body));
    headers.forEach(request::header);
    return send(request.build());
  }

  /**
   * Makes a signed request.
   *
   * @param service the service's name in the signature, such as "sts"
   * @param path path without query, of characters that need no encoding
   * @param query encoded query, or empty; its parameters sorted
   */
  Answer signed(
      String service,
      String method,
      String path,
      String query,
      Map<String, String> headers,
      String body,
      Credentials credentials) {
    return signed(service, method, path, query, headers, body.getBytes(UTF_8), credentials);
  }

  Answer signed(
      String service,
      String method,
      String path,
      String query,
      Map<String, String> headers,
      byte[] body,
      Credentials credentials) {
    String stamp = STAMP.format(Instant.now());
    String day = stamp.substring(0, 8);
    TreeMap<String, String> signed = new TreeMap<>();
    headers.forEach((name, value) -> signed.put(name.toLowerCase(Locale.ROOT), value));
    signed.put("x-amz-date", stamp);
    credentials.sessionToken().ifPresent(token -> signed.put("x-amz-security-token", token));
    TreeMap<String, String> withHost = new TreeMap<>(signed);
    withHost.put("host", endpoint.getAuthority());
    String names = String.join(";", withHost.keySet());
    String lines =
        withHost.entrySet().stream()
            .map(header -> header.getKey() + ":" + header.getValue().strip() + "\n")
            .collect(Collectors.joining());
    String canonical = String.join("\n", method, path, query, lines, names, hex(sha256(body)));
    String scope = String.join("/", day, region, service, "aws4_request");
    String toSign =
        String.join("\n", "AWS4-HMAC-SHA256", stamp, scope, hex(sha256(canonical.getBytes(UTF_8))));
    byte[] key = ("AWS4" + credentials.secretAccessKey()).getBytes(UTF_8);
    for (String part : new String[] {day, region, service, "aws4_request"}) {
      key = hmac(key, part);
    }
    signed.put(
        "authorization",
        "AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, Signature=%s"
            .formatted(credentials.accessKeyId(), scope, names, hex(hmac(key, toSign))));
    return send(method, query.isEmpty() ? path : path + "?" + query, signed, body, TIMEOUT);
  }

  private Answer send(HttpRequest request) {
    try {
      HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
      return new Answer(response.statusCode(), response.body());
    } catch (IOException problem) {
      throw new LocalException(
          "The embedded AWS does not answer at "
              + endpoint
              + " ("
              + problem
              + "). Start it with `mlinfra local up`.",
          problem);
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
      throw new LocalException("Interrupted while asking the embedded AWS", interruption);
    }
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(UTF_8));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
