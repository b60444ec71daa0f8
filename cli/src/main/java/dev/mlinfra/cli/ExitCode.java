package dev.mlinfra.cli;

/** What the command's exit code says. */
final class ExitCode {
  static final int FINE = 0;

  /** Findings, or over budget. */
  static final int FINDINGS = 1;

  /** What the user gave is wrong. */
  static final int WRONG_INPUT = 2;

  /** A tool, a service or a permission is missing. */
  static final int NOT_USABLE = 3;

  private ExitCode() {}
}
