package dev.mlinfra.policy.internal.network;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CidrBlockTest {

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.1.0.0/16, true",
    "10.0.0.0/8, 11.0.0.0/16, false",
    "10.0.0.0/16, 10.0.0.0/8, false",
    "10.0.0.0/16, 10.0.0.0/16, true",
    "0.0.0.0/0, 255.255.255.255/32, true",
    "203.0.113.7, 203.0.113.7/32, true",
    "192.168.1.9/24, 192.168.1.0/25, true"
  })
  void contains(String one, String other, boolean expected) {
    assertThat(parse(one).contains(parse(other))).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "10.0.0/8",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "10.0.0.256/8",
        "::/0",
        "a.b.c.d/8",
        "10.0.0.0/",
        "10.0.0.0.0/8",
        "99999999999.0.0.0/8"
      })
  void isNone(String text) {
    assertThat(CidrBlock.parse(text)).isEmpty();
  }

  @Test
  void everythingIsEverything() {
    assertThat(parse("192.168.1.0/0").isEverything()).isTrue();
    assertThat(parse("0.0.0.0/1").isEverything()).isFalse();
  }

  private static CidrBlock parse(String text) {
    return CidrBlock.parse(text).orElseThrow();
  }
}
