package dev.mlinfra.local;

/** The embedded AWS cannot do what was asked; the message says why and what helps. */
public final class LocalException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A problem with its explanation. */
  public LocalException(String message) {
    super(message);
  }

  /** A problem with its explanation and its cause. */
  public LocalException(String message, Throwable cause) {
    super(message, cause);
  }
}
