package dev.mlinfra.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.aws.internal.FargateSize;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FargateSizeTest {

  @ParameterizedTest
  @CsvSource({
    "256, 512, true",
    "256, 1536, false",
    "256, 2048, true",
    "1024, 2048, true",
    "1024, 1024, false",
    "4096, 30720, true",
    "8192, 20480, true",
    "8192, 18432, false",
    "16384, 122880, true",
    "1000, 2048, false"
  })
  void knowsThePairs(int cpu, int memoryMb, boolean exists) {
    assertThat(new FargateSize(cpu, memoryMb).exists()).isEqualTo(exists);
  }

  @ParameterizedTest
  @CsvSource({
    "1024, 2048, 1024, 3072",
    "1024, 8192, 2048, 9216",
    "256, 1024, 256, 2048",
    "4096, 30720, 8192, 32768",
    "300, 100, 512, 1024"
  })
  void namesTheNext(int cpu, int memoryMb, int nextCpu, int nextMemoryMb) {
    assertThat(new FargateSize(cpu, memoryMb).next())
        .contains(new FargateSize(nextCpu, nextMemoryMb));
  }

  @Test
  void nothingIsLargerThanTheLargest() {
    assertThat(new FargateSize(16384, 122880).next()).isEmpty();
    assertThat(new FargateSize(16384, 122880).atLeast()).isPresent();
  }
}
