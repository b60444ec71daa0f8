package dev.mlinfra.handler;

/** Hears how far a prediction has come. Called by one thread, a few times for each megabyte. */
@FunctionalInterface
public interface PredictionProgress {
  /** For callers who do not want to know. */
  PredictionProgress NONE = (rows, bytesRead, bytes) -> {};

  /**
   * Is told after each part of the data.
   *
   * @param rows rows that are predicted and written
   * @param bytesRead bytes of the data that are read, a little ahead of the rows
   * @param bytes bytes of the data in all
   */
  void at(long rows, long bytesRead, long bytes);
}
