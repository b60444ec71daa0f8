package dev.mlinfra.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the environments of this repository deploy, under review. */
class SnapshotTest {

  static Iterable<String> stacks() {
    return Synthesis.templates().keySet();
  }

  @Test
  void everyEnvironmentHasItsStacks() {
    assertThat(stacks())
        .containsExactly(
            "account-123456789012/Access",
            "account-123456789012/Shared",
            "dev/Data",
            "dev/Prediction",
            "dev/Training",
            "prod/Data",
            "prod/Prediction",
            "prod/Training",
            "staging/Data",
            "staging/Prediction",
            "staging/Training");
  }

  @ParameterizedTest
  @MethodSource("stacks")
  void templatesAreAsReviewed(String stack) {
    Snapshots.matches(stack + ".json", Snapshots.normalise(Synthesis.templates().get(stack)));
  }

  /**
   * A Turkish locale has an i of its own; whatever folds case by the default locale breaks here.
   */
  @Test
  void templatesAreTheSameBytesInEveryRunAndLocale() {
    Locale before = Locale.getDefault();
    Path again;
    try {
      Locale.setDefault(Locale.forLanguageTag("tr-TR"));
      again = Synthesis.synthesise(app -> {});
    } finally {
      Locale.setDefault(before);
    }

    assertThat(Synthesis.texts(again, ".template.json"))
        .isEqualTo(Synthesis.texts(Synthesis.synthesise(app -> {}), ".template.json"));
  }

  @Test
  void nothingIsLookedUp() {
    Map<String, String> manifests =
        Synthesis.texts(Synthesis.synthesise(app -> {}), "manifest.json");

    assertThat(manifests).hasSize(5);
    assertThat(manifests.values()).noneMatch(manifest -> manifest.contains("\"missing\""));
    assertThat(Synthesis.templates().toString()).doesNotContain("dummy");
  }
}
