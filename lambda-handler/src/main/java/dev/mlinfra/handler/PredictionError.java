package dev.mlinfra.handler;

/**
 * What can go wrong in a prediction. The names are stable: alarms, retries and callers may rely on
 * them.
 *
 * <p>Each code has the HTTP status that the handler answers with: 4xx when the caller can put it
 * right (the event, the model, the scaler, the data), 5xx when the function or its surroundings
 * failed.
 */
public enum PredictionError {
  /**
   * The event lacks a field, has one of a wrong type, or one that is unknown. Names all of them.
   */
  EVENT_INVALID(400),
  /** An environment variable of the function has a value that is not allowed. */
  CONFIG_INVALID(500),
  /** The event names a bucket that {@code MLINFRA_ALLOWED_BUCKETS} does not list. */
  BUCKET_NOT_ALLOWED(403),
  /** The output key lies outside {@code MLINFRA_OUTPUT_PREFIX}. */
  OUTPUT_NOT_ALLOWED(403),
  /** The output would overwrite the model, the scaler or the data. */
  OUTPUT_EQUALS_INPUT(400),
  /** The model or scaler is a pickle; loading one runs the code inside it. */
  PICKLE_REFUSED(415),
  /** There is no such model. */
  MODEL_NOT_FOUND(404),
  /** There is no such data or scaler. */
  OBJECT_NOT_FOUND(404),
  /** The store refused to read or write an object. */
  ACCESS_DENIED(403),
  /** The store failed while reading: network, throttling, its own fault. */
  STORE_FAILED(502),
  /** The data were replaced by others while they were read. */
  INPUT_CHANGED(409),
  /** The model exceeds {@code MLINFRA_MAX_MODEL_MB}. */
  MODEL_TOO_LARGE(413),
  /** The model's SHA-256 checksum is not the one that the event or the function asks for. */
  MODEL_CHECKSUM_MISMATCH(412),
  /** The model is no valid ONNX or JSON file, uses unknown operators, or fails when run. */
  MODEL_INVALID(422),
  /** The model keeps its weights in other files. */
  MODEL_EXTERNAL_DATA(422),
  /** The model's input does not fit: its type, its shape, or its number of features. */
  MODEL_INPUT_MISMATCH(422),
  /** The model has no such output, or it is neither numbers nor labels for each row. */
  MODEL_OUTPUT_UNSUPPORTED(422),
  /** The scaler file is not {@code mlinfra/scaler/v1}, or its values make no sense. */
  SCALER_INVALID(422),
  /** The baseline file is not {@code mlinfra/baseline/v1}, makes no sense, or lacks features. */
  BASELINE_INVALID(422),
  /** The CSV lacks feature columns. Names all of them. */
  FEATURES_MISSING(422),
  /** The CSV has no header, ragged rows, an open quote, duplicate features, or is not UTF-8. */
  CSV_INVALID(422),
  /** The CSV has a column already that would be added. */
  PREDICTION_COLUMN_EXISTS(422),
  /** A feature cell holds no decimal number. */
  VALUE_NOT_NUMERIC(422),
  /** A feature cell is empty or NaN, and {@code MLINFRA_MISSING_VALUES} does not allow it. */
  VALUE_MISSING(422),
  /** A feature value is infinite, or too large for the model's number type. */
  VALUE_OUT_OF_RANGE(422),
  /** A run over many objects or ranges may cost more, or read more, than is allowed. */
  RUN_TOO_LARGE(413),
  /** The output needs more than one S3 upload may hold. */
  OUTPUT_TOO_LARGE(413),
  /** The output could not be written. Nothing was left at its place. */
  OUTPUT_FAILED(502),
  /** The store stopped answering when the output was to appear: it is there as a whole or not. */
  OUTPUT_UNKNOWN(502),
  /** The function's time is nearly over; it stopped before being killed. */
  TIMEOUT_NEAR(504),
  /** A fault of ours. The log line names the exception. */
  INTERNAL(500);

  private final int status;

  PredictionError(int status) {
    this.status = status;
  }

  /** Returns the HTTP status of the handler's answer, 400 to 599. */
  public int status() {
    return status;
  }
}
