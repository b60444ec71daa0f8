package dev.mlinfra.tests.violations.aws.internal;

import software.constructs.Construct;

/** Prints, and needs a stack. */
final class LoudRules {
  private LoudRules() {}

  static void check(Construct construct) {
    System.out.println(construct);
  }
}
