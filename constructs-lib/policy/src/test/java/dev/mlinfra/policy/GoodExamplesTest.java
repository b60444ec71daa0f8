package dev.mlinfra.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.template.Models;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The gate finds nothing in deployments that are as they must be. */
class GoodExamplesTest {
  /** No SDK of a provider is here, so nobody knows which of their resources take labels. */
  private static final String NO_SDK = "no class of the SDK says";

  static final List<Path> FILES = Examples.files("good");

  @ParameterizedTest
  @FieldSource("FILES")
  void nothingIsFound(Path file) {
    Report report = Gate.standard().check(Edits.whole(Models.read(file)));

    assertThat(report.places()).isPositive();
    assertThat(report.findings().stream().map(Finding::toString).filter(it -> !it.contains(NO_SDK)))
        .isEmpty();
  }
}
