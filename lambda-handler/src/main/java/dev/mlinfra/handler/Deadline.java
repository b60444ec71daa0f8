package dev.mlinfra.handler;

import java.time.Duration;

/** How much time is left before whoever runs us stops waiting. */
@FunctionalInterface
interface Deadline {
  /** For callers who wait as long as it takes. */
  Deadline NONE = () -> Long.MAX_VALUE;

  /** The time that the last parts of the output and the answer take, with some to spare. */
  Duration RESERVE = Duration.ofSeconds(3);

  /** The time at which work that does not stop by itself is given up. */
  Duration LAST = RESERVE.minusMillis(500);

  /** Returns the milliseconds that are left. */
  long remainingMillis();

  /**
   * Stops while there still is time to say so. Being killed instead tells the caller nothing and
   * makes the next call start cold.
   *
   * @param rows predictions so far, to tell how far it got
   * @throws PredictionException {@code TIMEOUT_NEAR}
   */
  default void requireTimeToFinish(long rows) {
    if (remainingMillis() < RESERVE.toMillis()) {
      throw near(rows);
    }
  }

  /** Returns what tells that time is up, {@code TIMEOUT_NEAR}. */
  default PredictionException near(long rows) {
    return new PredictionException(
        PredictionError.TIMEOUT_NEAR,
        "only "
            + remainingMillis()
            + " ms are left, after "
            + rows
            + " rows. Raise the function's timeout or memory, or split the data");
  }
}
