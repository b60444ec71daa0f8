package dev.mlinfra.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageTagTest {
  @ParameterizedTest
  @CsvSource({
    "v1.2.3-0-g0123456789ab, false, v1.2.3",
    "v1.2.3-5-g0123456789ab, false, v1.2.4-5.g0123456789ab",
    "v0.0.0-1-g0123456789ab, false, v0.0.1-1.g0123456789ab",
    "v1.2.3-0-g0123456789ab, true,  v1.2.4-0.g0123456789ab.dirty",
    "v1.2.3-5-g0123456789ab, true,  v1.2.4-5.g0123456789ab.dirty",
    "v1.2.3-rc.1-0-g0123456789ab, false, v1.2.3-rc.1",
    "v1.2.3-rc.1-5-g0123456789ab, false, v1.2.3-rc.1.5.g0123456789ab",
    "v1.2.3-5-gab-2-g0123456789ab, false, v1.2.3-5-gab.2.g0123456789ab"
  })
  void aVersionIsItsTagOrAPreReleaseOfWhatComesNext(String described, boolean dirty, String tag) {
    assertThat(ImageTag.semver(described, dirty)).isEqualTo(tag);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"v1.2", "v1.2.3.4", "v01.2.3", "v1.2.3+build", "v1.2.3-", "v1.2.3-01", "v1x"})
  void whatIsNoVersionIsRefused(String tag) {
    assertThatThrownBy(() -> ImageTag.semver(tag + "-0-g0123456789ab", false))
        .isInstanceOf(CommandFailure.class)
        .hasMessageStartingWith("the tag '" + tag + "' is no version; allowed: v1.2.3")
        .hasMessageEndingWith("fix: git tag v0.1.0");
  }

  @Test
  void whatGitDescribePrintsIsNotGuessedAt() {
    assertThatThrownBy(() -> ImageTag.semver("v1.2.3", false))
        .hasMessage("git describe gave 'v1.2.3', expected TAG-COMMITS-gCOMMIT");
  }

  @Test
  void aTagThatNoRegistryTakesIsRefused() {
    String tag = "v1.2.3-" + "a".repeat(122);
    assertThat(ImageTag.semver("v1.2.3-" + "a".repeat(121) + "-0-gab", false)).hasSize(128);
    assertThatThrownBy(() -> ImageTag.semver(tag + "-0-gab", false))
        .hasMessage(
            "'%s' is no image tag; allowed: 1 to 128 letters, digits and _ . -, first no . or -"
                .formatted(tag));
  }

  @Test
  void aCommitIsWrittenOut() {
    String commit = "0123456789abcdef0123456789abcdef01234567";
    assertThat(ImageTag.git(commit, false)).isEqualTo(commit);
    assertThat(ImageTag.git(commit, true)).isEqualTo(commit + "-dirty");
  }

  @Test
  void aDateIsInUtcWhereverTheMachineStands() {
    Instant now = Instant.parse("2025-01-30T23:30:22.9Z");
    assertThat(ImageTag.date(now, "0123456789ab", false)).isEqualTo("20250130-233022-0123456789ab");
    assertThat(ImageTag.date(now, "0123456789ab", true))
        .isEqualTo("20250130-233022-0123456789ab-dirty");
  }
}
