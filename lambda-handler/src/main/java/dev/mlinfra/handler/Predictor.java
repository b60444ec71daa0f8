package dev.mlinfra.handler;

/** A loaded model. Several threads may predict with it at a time. */
interface Predictor extends AutoCloseable {
  /** Returns how many features a row has. */
  int width();

  /** Returns the most rows that {@link #predict} takes at once, at least 1. */
  int maxRows();

  /** Says whether a feature value fits the model's number type. NaN does. */
  boolean accepts(double value);

  /**
   * Predicts.
   *
   * @param features row after row, {@link #width} values each
   * @param rows how many rows of {@code features} are filled
   * @return one text for each row: the shortest decimal number that reads back as the same float or
   *     double, or the label as it is
   * @throws PredictionException {@code MODEL_INVALID} or {@code MODEL_OUTPUT_UNSUPPORTED}
   */
  String[] predict(double[] features, int rows);

  @Override
  void close();
}
