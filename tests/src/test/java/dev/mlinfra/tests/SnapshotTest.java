package dev.mlinfra.tests;

import static dev.mlinfra.testkit.TemplateAssertions.assertThatTemplate;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the environments of this repository deploy, under review. */
class SnapshotTest {

  @Test
  void everyEnvironmentHasItsStacks() {
    assertThat(Synthesis.model().stacks())
        .extracting(stack -> stack.id())
        .containsExactlyInAnyOrder(
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

  @Test
  void templatesAreAsReviewed() {
    assertThatTemplate(Synthesis.model()).matchesSnapshots();
  }

  /** Another id would make a new, empty resource and leave the data behind. */
  @Test
  void whatHoldsDataKeepsItsId() {
    assertThatTemplate(Synthesis.model()).keepsLogicalIds("stateful");
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
        .isEqualTo(Synthesis.texts(Synthesis.assembly(), ".template.json"));
  }

  @Test
  void nothingIsLookedUp() {
    Map<String, String> manifests = Synthesis.texts(Synthesis.assembly(), "manifest.json");

    assertThat(manifests).hasSize(5);
    assertThat(manifests.values()).noneMatch(manifest -> manifest.contains("\"missing\""));
    assertThat(Synthesis.texts(Synthesis.assembly(), ".template.json").toString())
        .doesNotContain("dummy");
    assertThatTemplate(Synthesis.model()).hasNoGaps();
  }
}
