package dev.mlinfra.provider.runpod;

/**
 * How far something has come.
 *
 * @param state whether to wait
 * @param reason why it will never be ready, or what it is waiting for
 */
record Readiness(State state, String reason) {

  /** Whether to wait. */
  enum State {
    READY,
    COMING,
    FAILED
  }

  static Readiness ready() {
    return new Readiness(State.READY, "");
  }

  static Readiness coming(String reason) {
    return new Readiness(State.COMING, reason);
  }

  static Readiness failed(String reason) {
    return new Readiness(State.FAILED, reason);
  }
}
