package dev.mlinfra.policy.internal.iam;

import dev.mlinfra.policy.Verdict;
import java.util.Collection;
import java.util.function.Function;

/** Truth where something can be unknown until it is deployed: Kleene's logic of three values. */
enum Ternary {
  FALSE,
  UNKNOWN,
  TRUE;

  static Ternary of(boolean truth) {
    return truth ? TRUE : FALSE;
  }

  Ternary and(Ternary other) {
    return compareTo(other) <= 0 ? this : other;
  }

  Ternary or(Ternary other) {
    return compareTo(other) >= 0 ? this : other;
  }

  Ternary not() {
    return switch (this) {
      case FALSE -> TRUE;
      case UNKNOWN -> UNKNOWN;
      case TRUE -> FALSE;
    };
  }

  /** Whether it holds of one of them; false of none. */
  static <T> Ternary any(Collection<T> all, Function<T, Ternary> test) {
    Ternary found = FALSE;
    for (T each : all) {
      found = found.or(test.apply(each));
      if (found == TRUE) {
        break;
      }
    }
    return found;
  }

  /** Whether it holds of each of them; true of none. */
  static <T> Ternary each(Collection<T> all, Function<T, Ternary> test) {
    Ternary found = TRUE;
    for (T each : all) {
      found = found.and(test.apply(each));
      if (found == FALSE) {
        break;
      }
    }
    return found;
  }

  /** As a verdict on something that must be true. */
  Verdict verdict() {
    return switch (this) {
      case FALSE -> Verdict.VIOLATED;
      case UNKNOWN -> Verdict.UNDECIDED;
      case TRUE -> Verdict.COMPLIANT;
    };
  }
}
