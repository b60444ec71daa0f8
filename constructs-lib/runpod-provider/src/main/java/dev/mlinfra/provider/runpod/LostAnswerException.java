package dev.mlinfra.provider.runpod;

/** Nobody knows whether the call was done: no answer, half of one, or an error of the server. */
final class LostAnswerException extends ProviderException {
  private static final long serialVersionUID = 1L;

  LostAnswerException(String message, Throwable cause) {
    super(message, cause);
  }
}
