package dev.mlinfra.core.internal;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds what a mistyped word was meant to be. */
public final class NearestMatch {
  private NearestMatch() {}

  /** The candidate that is nearest to a word, when one is near enough to be meant. */
  public static Optional<String> of(String word, Collection<String> candidates) {
    String folded = fold(word);
    return candidates.stream()
        .filter(candidate -> distance(folded, fold(candidate)) <= Math.max(2, folded.length() / 3))
        .filter(candidate -> distance(folded, fold(candidate)) < candidate.length())
        .min(
            Comparator.<String>comparingInt(candidate -> distance(folded, fold(candidate)))
                .thenComparing(Comparator.naturalOrder()));
  }

  /** {@code did you mean 'x'?}, or nothing. */
  public static String question(String word, Collection<String> candidates) {
    return of(word, candidates).map(match -> "did you mean '" + match + "'?").orElse("");
  }

  /** memory_mb, memory-mb and memoryMB all mean memoryMb. */
  private static String fold(String word) {
    String shortened = word.length() > 64 ? word.substring(0, 64) : word;
    return shortened.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
  }

  /** Levenshtein distance. */
  private static int distance(String left, String right) {
    int[] previous = new int[right.length() + 1];
    for (int j = 0; j <= right.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= left.length(); i++) {
      int[] current = new int[right.length() + 1];
      current[0] = i;
      for (int j = 1; j <= right.length(); j++) {
        int substitution = left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1;
        current[j] =
            Math.min(Math.min(current[j - 1] + 1, previous[j] + 1), previous[j - 1] + substitution);
      }
      previous = current;
    }
    return previous[right.length()];
  }
}
