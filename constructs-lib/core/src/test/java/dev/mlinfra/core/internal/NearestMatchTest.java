package dev.mlinfra.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestMatchTest {
  private static final List<String> WORDS = List.of("memoryMb", "timeout", "runtime", "aws");

  @ParameterizedTest
  @CsvSource({
    "memory_mb,memoryMb",
    "memorymb,memoryMb",
    "tiemout,timeout",
    "awz,aws",
    "RUNTIME,runtime"
  })
  void findsWhatWasMeant(String word, String meant) {
    assertThat(NearestMatch.of(word, WORDS)).hasValue(meant);
  }

  @Test
  void isSilentWhenNothingIsNear() {
    assertThat(NearestMatch.of("kubernetes", WORDS)).isEmpty();
    assertThat(NearestMatch.question("kubernetes", WORDS)).isEmpty();
    assertThat(NearestMatch.of("x".repeat(100_000), WORDS)).isEmpty();
  }
}
