package dev.mlinfra.policy.internal.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PoliciesTest {

  @ParameterizedTest
  @CsvSource({
    "s3:GetObject, s3:GetObject, true",
    "s3:Get*, s3:GetObject, true",
    "'*', s3:GetObject, true",
    "s3:*Object, s3:GetObject, true",
    "s3:Get?bject, s3:GetObject, true",
    "s3:GetObject*, s3:GetObject, true",
    "s3:Get, s3:GetObject, false",
    "s3:Put*, s3:GetObject, false",
    "s3:*Acl, s3:GetObject, false",
    "*a*b*, xxaxxbxx, true",
    "*a*b, xxaxxbxx, false"
  })
  void matches(String pattern, String text, boolean expected) {
    assertThat(Policies.matches(pattern, text)).isEqualTo(expected);
  }

  @Test
  void manyStarsTakeNoTime() {
    String stars = "*a".repeat(200) + "c";

    assertThat(
            assertTimeoutPreemptively(
                Duration.ofSeconds(5), () -> Policies.matches(stars, "ab".repeat(2_000))))
        .isFalse();
  }
}
