package dev.mlinfra.cost.internal.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class InstanceSizeTest {
  @Test
  void aSizeTellsTheVcpus() {
    assertThat(
            List.of(
                    "g5.xlarge",
                    "g5.2xlarge",
                    "g5.48xlarge",
                    "m5.large",
                    "t3.nano",
                    "t2.micro",
                    "m7g.medium",
                    "m7i.metal-24xl")
                .stream()
                .map(InstanceSize::vCpus)
                .map(OptionalInt::getAsInt))
        .containsExactly(4, 8, 192, 2, 2, 1, 1, 96);
    // Not in the table: by the name alone.
    assertThat(InstanceSize.vCpus("z9.2xlarge")).hasValue(8);
    assertThat(InstanceSize.vCpus("z9.metal")).isEmpty();
    assertThat(InstanceSize.vCpus("m5.metal")).hasValue(96);
    assertThat(InstanceSize.vCpus("m5")).isEmpty();
  }

  @Test
  void aFamilyStandsBeforeTheDot() {
    assertThat(InstanceSize.family("g5.xlarge")).isEqualTo("g5");
    assertThat(InstanceSize.family("optimal")).isEqualTo("optimal");
  }
}
