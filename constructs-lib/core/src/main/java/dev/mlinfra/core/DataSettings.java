package dev.mlinfra.core;

import java.util.Locale;

/**
 * The bucket of datasets, models, results and checkpoints.
 *
 * @param datasetsDays days until a dataset is deleted
 * @param resultsDays days until a result is deleted
 * @param checkpointsDays days until a checkpoint is deleted
 * @param noncurrentDays days until an overwritten or deleted version is gone for good
 * @param prefixes names of the folders
 * @param encryption who keeps the key
 * @param onDelete what becomes of the data when the stack is deleted
 */
public record DataSettings(
    int datasetsDays,
    int resultsDays,
    int checkpointsDays,
    int noncurrentDays,
    Prefixes prefixes,
    Encryption encryption,
    OnDelete onDelete) {

  /** Who keeps the key of the data at rest. */
  public enum Encryption {
    /** Keys that S3 keeps (SSE-S3): no extra cost. */
    S3,
    /** A key of your own (SSE-KMS with a bucket key). */
    KMS;

    /** The encryption of a word that the schema has already admitted. */
    public static Encryption ofWord(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT));
    }
  }

  /** What becomes of the data when the stack is deleted. */
  public enum OnDelete {
    /** It stays. */
    RETAIN,
    /** It is deleted, when the environment also says {@code allowDataLoss: true}. */
    DESTROY;

    /** The choice of a word that the schema has already admitted. */
    public static OnDelete ofWord(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT));
    }
  }
}
