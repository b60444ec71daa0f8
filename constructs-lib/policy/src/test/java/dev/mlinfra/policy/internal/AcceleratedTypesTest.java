package dev.mlinfra.policy.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AcceleratedTypesTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "g5.2xlarge",
        "g6e.xlarge",
        "p4d.24xlarge",
        "p6-b200.48xlarge",
        "trn1.2xlarge",
        "inf2.xlarge",
        "ml.g5.2xlarge",
        "ml.p6-b200.48xlarge",
        "g5"
      })
  void whatHasAnAcceleratorIsKnown(String type) {
    assertThat(AcceleratedTypes.is(type)).isTrue();
  }

  @Test
  void caseAndSpaceDoNotMatter() {
    assertThat(AcceleratedTypes.is(" ML.G5.2XLarge ")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"m5.large", "c7g.xlarge", "ml.m5.xlarge", "optimal", "m5", "i4g.large", "", "g"})
  void whatHasNoneIsNot(String type) {
    assertThat(AcceleratedTypes.is(type)).isFalse();
  }
}
