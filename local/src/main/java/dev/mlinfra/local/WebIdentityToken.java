package dev.mlinfra.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * A token as an identity provider gives it to a pipeline, for {@link EmbeddedAws#assumeRole(String,
 * WebIdentityToken)}. It has no signature, which the emulator does not check; AWS refuses it.
 *
 * <pre>{@code
 * Credentials session =
 *     aws.assumeRole(roleArn, WebIdentityToken.ofGitHub("repo:acme/ml:ref:refs/heads/main"));
 * }</pre>
 *
 * @param issuer address of the identity provider, with https
 * @param audience for whom the token is: a client id of the provider
 * @param subject what it is about, such as a branch or an environment of a repository
 * @param expiresAt when it ends
 */
public record WebIdentityToken(String issuer, String audience, String subject, Instant expiresAt) {
  private static final Duration VALID = Duration.ofMinutes(5);

  /** A token that ends in 5 minutes. */
  public WebIdentityToken(String issuer, String audience, String subject) {
    this(issuer, audience, subject, Instant.now().plus(VALID));
  }

  /** A token as GitHub Actions asks for it to use AWS; it ends in 5 minutes. */
  public static WebIdentityToken ofGitHub(String subject) {
    return new WebIdentityToken(
        "https://token.actions.githubusercontent.com", "sts.amazonaws.com", subject);
  }

  /** The token as a JSON Web Token in its compact form. */
  public String encoded() {
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("iss", issuer);
    claims.put("aud", audience);
    claims.put("sub", subject);
    claims.put("exp", expiresAt.getEpochSecond());
    return part(Map.of("alg", "none", "typ", "JWT")) + "." + part(claims) + ".";
  }

  private static String part(Map<String, ?> content) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(JsonMapper.shared().writeValueAsString(content).getBytes(UTF_8));
  }
}
