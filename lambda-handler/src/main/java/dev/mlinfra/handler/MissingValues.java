package dev.mlinfra.handler;

/** What to do with feature cells that are empty or that pandas reads as NaN, like {@code NA}. */
public enum MissingValues {
  /** Stop with {@link PredictionError#VALUE_MISSING}. The default. */
  FAIL,
  /** Hand NaN to the model, which must know what to do with it. */
  NAN
}
