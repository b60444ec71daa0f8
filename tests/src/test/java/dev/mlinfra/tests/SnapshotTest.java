package dev.mlinfra.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** What the environments of this repository deploy, under review. */
class SnapshotTest {

  static Iterable<String> stacks() {
    return Synthesis.templates().keySet();
  }

  @Test
  void everyEnvironmentHasItsStacks() {
    assertThat(stacks())
        .containsExactly(
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
  void templatesDoNotDependOnTheRunOrTheLocale() {
    Locale before = Locale.getDefault();
    Map<String, JsonNode> again;
    try {
      Locale.setDefault(Locale.forLanguageTag("tr-TR"));
      Path folder = Synthesis.synthesise(app -> {});
      again = Synthesis.templates(folder);
    } finally {
      Locale.setDefault(before);
    }

    assertThat(again).isEqualTo(Synthesis.templates());
  }

  @Test
  void nothingWasLookedUp() {
    assertThat(Synthesis.templates().toString()).doesNotContain("dummy");
    assertThat(Synthesis.ROOT.resolve("cdk.context.json")).doesNotExist();
  }
}
