package dev.mlinfra.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HandlerSettingsTest {
  @Test
  void isSafeByDefault() {
    assertThat(HandlerSettings.from(Map.of()))
        .isEqualTo(
            new HandlerSettings(Set.of(), "results/", 512L << 20, Set.of(), MissingValues.FAIL));
  }

  @Test
  void readsTheEnvironment() {
    assertThat(
            HandlerSettings.from(
                Map.of(
                    "MLINFRA_ALLOWED_BUCKETS", " one,two,, ",
                    "MLINFRA_OUTPUT_PREFIX", "out/predictions/",
                    "MLINFRA_MAX_MODEL_MB", "2047",
                    "MLINFRA_MODEL_SHA256", "A1".repeat(32) + ", " + "00".repeat(32),
                    "MLINFRA_MISSING_VALUES", "nan")))
        .isEqualTo(
            new HandlerSettings(
                Set.of("one", "two"),
                "out/predictions/",
                2047L << 20,
                Set.of("a1".repeat(32), "00".repeat(32)),
                MissingValues.NAN));
  }

  @ParameterizedTest
  @CsvSource({
    "MLINFRA_OUTPUT_PREFIX, ''",
    "MLINFRA_OUTPUT_PREFIX, results",
    "MLINFRA_OUTPUT_PREFIX, /",
    "MLINFRA_OUTPUT_PREFIX, /results/",
    "MLINFRA_MAX_MODEL_MB, 0",
    "MLINFRA_MAX_MODEL_MB, 2048",
    "MLINFRA_MAX_MODEL_MB, -1",
    "MLINFRA_MAX_MODEL_MB, 1.5",
    "MLINFRA_MODEL_SHA256, a1a1",
    "MLINFRA_MISSING_VALUES, NaN",
  })
  void refusesWrongValues(String variable, String value) {
    assertThatThrownBy(() -> HandlerSettings.from(Map.of(variable, value)))
        .isInstanceOf(PredictionException.class)
        .hasMessageStartingWith("CONFIG_INVALID: environment variable " + variable)
        .hasMessageContaining("'" + value + "'; allowed: ");
  }
}
