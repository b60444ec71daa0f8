package dev.mlinfra.testkit;

import java.util.Arrays;
import java.util.stream.LongStream;

/**
 * Seeds for tests over generated values. A parameterised test takes them from a method source,
 * makes everything random from its one seed, and is named {@code -Dseeds={0}}: then the name of
 * what fails says how to run it again. The README shows it.
 *
 * <p>The system property {@code seeds} gives other seeds: one or more numbers with commas ({@code
 * -Dseeds=42}), or {@code random:N} for N that no run before had.
 */
public final class Seeds {
  private static final String RANDOM = "random:";

  private Seeds() {}

  /**
   * The seeds of this run.
   *
   * @param count how many there are unless the system property says otherwise; they are 0, 1, 2 …
   * @throws IllegalArgumentException when the system property is malformed
   */
  public static LongStream of(int count) {
    return of(count, System.getProperty("seeds", ""));
  }

  static LongStream of(int count, String given) {
    if (given.isBlank()) {
      return LongStream.range(0, count);
    }
    try {
      if (given.startsWith(RANDOM)) {
        long first = System.nanoTime() & Integer.MAX_VALUE;
        return LongStream.range(
            first, first + Integer.parseInt(given.substring(RANDOM.length()).strip()));
      }
      return LongStream.of(
          Arrays.stream(given.split(",", -1))
              .mapToLong(seed -> Long.parseLong(seed.strip()))
              .toArray());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "-Dseeds=" + given + "; allowed: numbers with commas, or random:N", e);
    }
  }
}
