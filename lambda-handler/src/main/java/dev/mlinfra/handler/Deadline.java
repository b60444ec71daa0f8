package dev.mlinfra.handler;

import java.time.Duration;

/** How much time is left before whoever runs us stops waiting. */
@FunctionalInterface
interface Deadline {
  /** For callers who wait as long as it takes. */
  Deadline NONE = () -> Long.MAX_VALUE;

  /** Returns the milliseconds that are left. */
  long remainingMillis();

  /**
   * Stops while there still is time to say so. Being killed instead tells the caller nothing and
   * makes the next call start cold.
   *
   * @param bytes output so far, which also takes time to upload
   * @throws PredictionException {@code TIMEOUT_NEAR}
   */
  default void requireTimeToFinish(long bytes) {
    long remaining = remainingMillis();
    if (remaining < reserve(bytes).toMillis()) {
      throw new PredictionException(
          PredictionError.TIMEOUT_NEAR,
          "only "
              + remaining
              + " ms are left, after "
              + bytes
              + " bytes of output. Raise the function's timeout or memory, or split the data");
    }
  }

  /** The time that answering and uploading takes: 2 s, and 25 MB a second, with some to spare. */
  static Duration reserve(long bytes) {
    return Duration.ofMillis(2_000 + bytes / 25_000);
  }
}
