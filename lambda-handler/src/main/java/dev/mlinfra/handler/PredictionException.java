package dev.mlinfra.handler;

/**
 * A prediction that did not happen. No output was written.
 *
 * <p>The message is {@code CODE: text}; the text names the place, the value given, what is allowed
 * and how to put it right.
 */
public final class PredictionException extends RuntimeException {
  private final PredictionError code;
  private final String detail;

  /** Makes an exception whose message is {@code code: detail}. */
  public PredictionException(PredictionError code, String detail) {
    this(code, detail, null);
  }

  /** Makes an exception with the fault that led to it. */
  public PredictionException(PredictionError code, String detail, Throwable cause) {
    super(code + ": " + detail, cause);
    this.code = code;
    this.detail = detail;
  }

  /** Returns the stable code. */
  public PredictionError code() {
    return code;
  }

  /** Returns the message without the code. */
  public String detail() {
    return detail;
  }
}
