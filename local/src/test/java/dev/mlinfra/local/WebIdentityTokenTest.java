package dev.mlinfra.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class WebIdentityTokenTest {
  @Test
  void isAnUnsignedJsonWebToken() {
    Instant end = Instant.ofEpochSecond(1_800_000_000);
    String[] parts =
        new WebIdentityToken("https://token.example.com", "client", "\"me\"", end)
            .encoded()
            .split("\\.", -1);
    assertThat(parts).hasSize(3);
    assertThat(decoded(parts[0])).contains("\"alg\":\"none\"");
    assertThat(decoded(parts[1]))
        .isEqualTo(
            "{\"iss\":\"https://token.example.com\",\"aud\":\"client\","
                + "\"sub\":\"\\\"me\\\"\",\"exp\":1800000000}");
    assertThat(parts[2]).isEmpty();
  }

  @Test
  void thoseOfGitHubAreForAwsAndLastFiveMinutes() {
    WebIdentityToken token = WebIdentityToken.ofGitHub("repo:acme/ml:pull_request");
    assertThat(token)
        .extracting(WebIdentityToken::issuer, WebIdentityToken::audience, WebIdentityToken::subject)
        .containsExactly(
            "https://token.actions.githubusercontent.com",
            "sts.amazonaws.com",
            "repo:acme/ml:pull_request");
    assertThat(token)
        .extracting(WebIdentityToken::expiresAt, InstanceOfAssertFactories.INSTANT)
        .isBetween(
            Instant.now().plus(Duration.ofMinutes(4)), Instant.now().plus(Duration.ofMinutes(6)));
  }

  private static String decoded(String part) {
    return new String(Base64.getUrlDecoder().decode(part), UTF_8);
  }
}
