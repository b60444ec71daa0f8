package dev.mlinfra.policy.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class DataFileTest {

  @Test
  void commentsAreNoRows() {
    assertThat(DataFile.read(DataFile.class, "accelerated-families.csv"))
        .isNotEmpty()
        .allSatisfy(row -> assertThat(row.getField("family")).matches("[a-z][a-z0-9-]*"));
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> DataFile.read(DataFile.class, "none.csv")).hasMessage("none.csv");
  }
}
