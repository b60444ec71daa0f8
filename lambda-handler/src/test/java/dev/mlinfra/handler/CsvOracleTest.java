package dev.mlinfra.handler;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The reader of bytes against FastCSV: the same rows, the same numbers, and the same texts refused,
 * wherever chunks end.
 */
class CsvOracleTest {
  private static final int ROWS_OF_A_TEXT = 1000;

  static LongStream seeds() {
    return LongStream.range(0, 3000);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void readsTheSame(long seed) {
    Random random = new Random(seed);
    String csv = new CsvGenerator(seed).csv(1 + random.nextInt(5), 500);
    check(csv, 1 + random.nextInt(40), seed);
  }

  /**
   * Long texts that are plain but for little. How many rows in all, is the system property {@code
   * mlinfra.rows}: the profile {@code proofs} reads ten million.
   */
  @Test
  void readsTheSameOfManyRows() {
    long wanted = Long.getLong("mlinfra.rows", 200_000);
    long start = System.nanoTime();
    long rows = 0;
    long texts = 0;
    long refused = 0;
    for (long seed = 0; rows < wanted; seed++) {
      Random random = new Random(seed);
      // Most are read to their end, the others until something is wrong.
      int troubles = random.nextInt(3) == 0 ? 1 : 0;
      String csv = new CsvGenerator(seed).csv(ROWS_OF_A_TEXT, troubles);
      int read = check(csv, 1 << (4 + random.nextInt(15)), seed);
      refused += read < ROWS_OF_A_TEXT ? 1 : 0;
      rows += read;
      texts++;
    }
    System.out.printf(
        "%,d rows in %,d texts, %,d of them refused at the same place: no difference, %.0f s%n",
        rows, texts, refused, (System.nanoTime() - start) / 1e9);
    assertThat(refused).isBetween(1L, texts / 2);
  }

  private static int check(String csv, int chunkBytes, long seed) {
    byte[] bytes = csv.getBytes(StandardCharsets.UTF_8);
    var expected = CsvOracle.expected(csv);
    assertThat(CsvOracle.difference(CsvOracle.ours(bytes, chunkBytes), expected))
        .as("seed %s, chunks of %s bytes: %s", seed, chunkBytes, csv)
        .isEmpty();
    return expected.size();
  }
}
