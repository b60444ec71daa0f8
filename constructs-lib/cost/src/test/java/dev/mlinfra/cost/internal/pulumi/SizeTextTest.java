package dev.mlinfra.cost.internal.pulumi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SizeTextTest {
  @ParameterizedTest
  @CsvSource({"500m, 0.5", "2, 2", "1.5, 1.5", "1k, 1000", "512Mi, 536870912", "10G, 1e10"})
  void readsTheFormsOfKubernetes(String text, double number) {
    assertThat(SizeText.number(text, "a")).isEqualTo(number);
  }

  @Test
  void countsInPowersOfTwo() {
    assertThat(SizeText.number("1Ti", "a")).isEqualTo(1024 * SizeText.GIB);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "much", "1.2.3", "-5", "10Zi", "NaN", "1e999", "."})
  void refusesAllElse(String text) {
    assertThatThrownBy(() -> SizeText.number(text, "memory"))
        .isInstanceOf(NotPriced.class)
        .hasMessageContaining("memory is ");
  }
}
