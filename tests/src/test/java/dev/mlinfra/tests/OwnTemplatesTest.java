package dev.mlinfra.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.core.Environment;
import dev.mlinfra.core.EnvironmentLoader;
import dev.mlinfra.core.Pattern;
import dev.mlinfra.policy.Finding;
import dev.mlinfra.policy.Gate;
import dev.mlinfra.policy.Report;
import dev.mlinfra.policy.Report.Acknowledged;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What this repository deploys, before its own gate. */
class OwnTemplatesTest {
  /** More exceptions than this, and the gate is no gate. */
  private static final int MOST_ACKNOWLEDGEMENTS = 10;

  private static Report report;

  @BeforeAll
  static void check() {
    EnvironmentLoader loader = new EnvironmentLoader();
    Map<String, Pattern> patterns =
        loader.list(Synthesis.ROOT.resolve("environments")).stream()
            .map(loader::load)
            .collect(Collectors.toMap(Environment::name, Environment::pattern));
    report = Gate.standard().withPatterns(patterns).check(Synthesis.model());
  }

  @Test
  void nothingIsFoundAndNothingIsLeftUndecided() {
    assertThat(report.places()).isGreaterThan(300);
    assertThat(report.findings()).extracting(Finding::toString).isEmpty();
  }

  @Test
  void exceptionsAreFew() {
    assertThat(report.acknowledged())
        .extracting(Acknowledged::acknowledgement)
        .satisfies(
            all -> assertThat(all.stream().distinct()).hasSizeLessThan(MOST_ACKNOWLEDGEMENTS + 1));
  }
}
