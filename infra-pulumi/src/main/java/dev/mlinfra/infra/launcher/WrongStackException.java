package dev.mlinfra.infra.launcher;

/** A stack that names no target which could be started; the message says it in one line. */
final class WrongStackException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  WrongStackException(String message) {
    super(message);
  }
}
