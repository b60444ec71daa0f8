package dev.mlinfra.template;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StableTextTest {
  private static final String HASH = "0f".repeat(32);

  @Test
  void hashesOfAssetsAreMarked() {
    assertThat(StableText.of(HASH + ".zip", "")).isEqualTo("<asset>.zip");
    assertThat(StableText.of("repository:" + HASH, "")).isEqualTo("repository:<asset>");
    assertThat(StableText.of(HASH, "S3Key")).isEqualTo("<asset>");
    assertThat(StableText.of("AssetParameters" + HASH + "S3Bucket0A1B2C3D", ""))
        .isEqualTo("AssetParameters<asset>S3Bucket<id>");
  }

  @Test
  void idsOfVersionsAreMarked() {
    assertThat(StableText.of("CurrentVersionE9E3C14B0123456789abcdef0123456789abcdef", ""))
        .isEqualTo("CurrentVersionE9E3C14B<version>");
  }

  @Test
  void whatSomeoneWroteStays() {
    assertThat(StableText.of("image@sha256:" + HASH, "")).endsWith(HASH);
    assertThat(StableText.of(HASH, "Digest")).isEqualTo(HASH);
    assertThat(StableText.of("1".repeat(64), "S3Key")).isEqualTo("1".repeat(64));
    assertThat(StableText.of("short", "S3Key")).isEqualTo("short");
  }
}
