package dev.mlinfra.handler;

import java.util.List;

/** Some outputs of a model. Several threads may predict with it at a time. */
interface Predictor {
  /** Returns how many features a row has. */
  int width();

  /** Returns the most rows that {@link #predict} takes at once, at least 1. */
  int maxRows();

  /**
   * Returns the names of what is predicted for each row: {@code prediction} for the model's first
   * output, {@code probability_<class>} for the probabilities of classes, the output's name for any
   * other, with a number behind it ({@code score_0}, {@code score_1}) if it has several values.
   */
  List<String> columns();

  /** Says whether a feature value fits the model's number type. NaN does. */
  boolean accepts(double value);

  /**
   * Predicts.
   *
   * @param features row after row, {@link #width} values each
   * @param rows how many rows of {@code features} are filled
   * @return row after row, a text for each of {@link #columns}: the shortest decimal number that
   *     reads back as the same float or double, or the label as it is
   * @throws PredictionException {@code MODEL_INVALID} or {@code MODEL_OUTPUT_UNSUPPORTED}
   * @throws IllegalStateException if the model is closed
   */
  String[] predict(double[] features, int rows);
}
