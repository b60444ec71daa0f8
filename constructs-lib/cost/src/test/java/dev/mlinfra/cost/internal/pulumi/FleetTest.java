package dev.mlinfra.cost.internal.pulumi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class FleetTest {
  @Test
  void theMostIsNeverLessThanTheLeast() {
    assertThat(Fleet.between(3, 1, "a").most()).hasValue(3);
    assertThat(new Fleet(3, OptionalDouble.empty(), "a").most()).isEmpty();
  }
}
