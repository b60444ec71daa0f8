package dev.mlinfra.policy.internal.reliability;

/** How a problem reads when nobody can decide whether it is one. */
final class Undecided {
  private Undecided() {}

  /** The problem of a line, after its colon, as a question. */
  static String whether(String problem) {
    return problem.replaceFirst(": ", ": it is known only when deployed whether ");
  }
}
