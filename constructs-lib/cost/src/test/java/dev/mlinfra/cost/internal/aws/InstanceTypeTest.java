package dev.mlinfra.cost.internal.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class InstanceTypeTest {
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
                .map(InstanceType::vCpus)
                .map(OptionalInt::getAsInt))
        .containsExactly(4, 8, 192, 2, 2, 1, 1, 96);
    assertThat(InstanceType.vCpus("m5.metal")).isEmpty();
    assertThat(InstanceType.vCpus("m5")).isEmpty();
  }

  @Test
  void aFamilyStandsBeforeTheDot() {
    assertThat(InstanceType.family("g5.xlarge")).isEqualTo("g5");
    assertThat(InstanceType.family("optimal")).isEqualTo("optimal");
  }
}
