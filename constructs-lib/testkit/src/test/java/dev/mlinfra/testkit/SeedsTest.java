package dev.mlinfra.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SeedsTest {
  @Test
  void areTheSameInEveryRunUnlessAskedFor() {
    assertThat(Seeds.of(3, "").toArray()).containsExactly(0, 1, 2);
    assertThat(Seeds.of(3, "42, -7").toArray()).containsExactly(42, -7);
    assertThat(Seeds.of(3, "random:5").toArray()).hasSize(5).doesNotHaveDuplicates();
  }

  @Test
  void nonsenseIsRefused() {
    assertThatThrownBy(() -> Seeds.of(3, "x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("-Dseeds=x; allowed: numbers with commas, or random:N");
  }
}
