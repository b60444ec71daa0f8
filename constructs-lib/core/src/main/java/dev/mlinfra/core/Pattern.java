package dev.mlinfra.core;

import java.util.Locale;

/** How predictions are used; it chooses among the {@link Defaults}. */
public enum Pattern {
  /** Nightly retraining and bulk predictions: nothing waits, nothing idles. */
  BATCH,
  /** A user waits for each answer. */
  REALTIME,
  /** A service with batch updates. */
  HYBRID;

  /** The word used in the environment file. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The pattern of a word that the schema has already admitted. */
  public static Pattern ofWord(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }
}
