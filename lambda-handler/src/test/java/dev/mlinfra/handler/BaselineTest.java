package dev.mlinfra.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BaselineTest {
  private static final String VALID =
      "{'format':'mlinfra/baseline/v1','rows':9,'features':["
          + "{'name':'a','mean':3,'edges':[1,2],'shares':[0.2,0.3,0.5]},"
          + "{'name':'b','edges':[],'shares':[1]}]}";

  @Test
  void readsAFile() {
    assertThat(parse(VALID))
        .isEqualTo(
            new Baseline(
                List.of("a", "b"),
                List.of(List.of(1.0, 2.0), List.of()),
                List.of(List.of(0.2, 0.3, 0.5), List.of(1.0))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "baseline/v1    | baseline/v2     | format is 'mlinfra/baseline/v2'",
        "[0.2,0.3,0.5]  | [0.2,0.8]       | feature 'a' has 2 edges and 2 shares",
        "[1,2]          | [2,1]           | feature 'a' has edges that fall",
        "[0.2,0.3,0.5]  | [0.2,0.3,1.5]   | feature 'a' has a share that is not from 0 to 1",
        "[1,2]          | [1,'2']         | edges must hold numbers only",
        "'name':'a'     | 'name':1        | name is VALUE_NUMBER_INT, must be VALUE_STRING",
        "}]}            | }]              | end-of-input"
      })
  void refusesWhatMakesNoSense(String part, String replacement, String problem) {
    assertThat(VALID).contains(part);
    assertThatThrownBy(() -> parse(VALID.replace(part, replacement)))
        .isInstanceOf(PredictionException.class)
        .hasMessageStartingWith("BASELINE_INVALID: b.json: ")
        .hasMessageContainingAll(problem, "Export the model again");
  }

  @Test
  void givesTheStabilityIndex() {
    Baseline baseline = parse(VALID);
    assertThat(baseline.stabilityIndex(0, new long[] {2, 3, 5})).isZero();
    // (0.5 - 0.2) ln 2.5 + (0.3 - 0.3) ln 1 + (0.2 - 0.5) ln 0.4
    assertThat(baseline.stabilityIndex(0, new long[] {5, 3, 2})).isCloseTo(0.5498, within(1e-4));
    assertThat(baseline.stabilityIndex(0, new long[] {0, 0, 10})).isFinite().isPositive();
  }

  /** As the exporter writes features of few values: sex is 1 or 2. */
  @Test
  void takesEqualEdgesForBinsWithoutValues() {
    String few = VALID.replace("[1,2]", "[1,1,2]").replace("[0.2,0.3,0.5]", "[0.5,0,0.5,0]");
    FeatureStatistics statistics = new FeatureStatistics(2, Optional.of(parse(few)));
    for (double value : new double[] {1, 2, 1, 2}) {
      statistics.add(0, value);
      statistics.endRow();
    }
    assertThat(statistics.summaries(List.of("a", "b")).get(0).stabilityIndex()).contains(0.0);
  }

  @Test
  void followsTheOrderOfTheModel() {
    assertThat(parse(VALID).of(List.of("b", "a"), "b.json").edges())
        .isEqualTo(new double[][] {{}, {1, 2}});
    assertThatThrownBy(() -> parse(VALID).of(List.of("c", "a"), "b.json"))
        .hasMessageContaining("BASELINE_INVALID: b.json lacks c.");
  }

  @Test
  void putsValuesUpToAnEdgeBelowIt() {
    FeatureStatistics one = new FeatureStatistics(2, Optional.of(parse(VALID)));
    for (double value : new double[] {-5, 1, 1.5, 2, 3, Double.NaN}) {
      one.add(0, value);
      one.add(1, Double.NaN);
      one.endRow();
    }
    FeatureStatistics all = new FeatureStatistics(2, Optional.of(parse(VALID)));
    all.add(0, 10);
    all.add(1, Double.NaN);
    all.endRow();
    all.add(one);

    List<FeatureSummary> summaries = all.summaries(List.of("a", "b"));

    // two up to 1, two up to 2, two above
    double third = 1 / 3.0;
    double index =
        (third - 0.2) * Math.log(third / 0.2)
            + (third - 0.3) * Math.log(third / 0.3)
            + (third - 0.5) * Math.log(third / 0.5);
    FeatureSummary a = summaries.get(0);
    assertThat(a.values()).isEqualTo(6);
    assertThat(a.missing()).isEqualTo(1);
    assertThat(a.min()).isEqualTo(-5);
    assertThat(a.max()).isEqualTo(10);
    assertThat(a.mean()).isEqualTo(12.5 / 6);
    assertThat(a.stabilityIndex().orElseThrow()).isCloseTo(index, within(1e-12));
    assertThat(summaries.get(1).values()).isZero();
    assertThat(summaries.get(1).stabilityIndex()).isEmpty();
  }

  private static Baseline parse(String json) {
    return Baseline.parse(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8), "b.json");
  }
}
