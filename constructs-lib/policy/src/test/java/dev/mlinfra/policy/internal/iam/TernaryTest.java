package dev.mlinfra.policy.internal.iam;

import static dev.mlinfra.policy.internal.iam.Ternary.FALSE;
import static dev.mlinfra.policy.internal.iam.Ternary.TRUE;
import static dev.mlinfra.policy.internal.iam.Ternary.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class TernaryTest {

  @Test
  void andIsTheLessOrIsTheMore() {
    assertThat(TRUE.and(UNKNOWN)).isEqualTo(UNKNOWN);
    assertThat(FALSE.and(UNKNOWN)).isEqualTo(FALSE);
    assertThat(TRUE.or(UNKNOWN)).isEqualTo(TRUE);
    assertThat(FALSE.or(UNKNOWN)).isEqualTo(UNKNOWN);
  }

  @Test
  void whatIsUnknownStaysSoWhenTurned() {
    assertThat(List.of(TRUE.not(), UNKNOWN.not(), FALSE.not()))
        .containsExactly(FALSE, UNKNOWN, TRUE);
  }

  @Test
  void ofNoneEachIsTrueAndAnyIsFalse() {
    assertThat(Ternary.each(List.<Ternary>of(), Function.identity())).isEqualTo(TRUE);
    assertThat(Ternary.any(List.<Ternary>of(), Function.identity())).isEqualTo(FALSE);
  }
}
