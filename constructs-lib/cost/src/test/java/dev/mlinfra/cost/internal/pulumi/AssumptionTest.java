package dev.mlinfra.cost.internal.pulumi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlinfra.cost.internal.DataFile;
import org.junit.jupiter.api.Test;

class AssumptionTest {
  @Test
  void eachSaysWhyAndWhereItIsFrom() {
    assertThat(DataFile.read(Assumption.class, "assumptions-pulumi.csv"))
        .isNotEmpty()
        .allSatisfy(
            row -> {
              assertThat(row.getField("unit")).isNotBlank();
              assertThat(row.getField("why")).isNotBlank();
              assertThat(row.getField("source")).isNotBlank();
              assertThat(Assumption.of(row.getField("name")).value()).isPositive();
            });
  }

  @Test
  void namesItselfInAReason() {
    assertThat(Assumption.of("gke.bootDiskGb")).hasToString("100 GB (assumption gke.bootDiskGb)");
  }

  @Test
  void anUnknownNameIsAMistakeInTheProgram() {
    assertThatThrownBy(() -> Assumption.of("gke.colour"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no assumption is called gke.colour");
  }
}
