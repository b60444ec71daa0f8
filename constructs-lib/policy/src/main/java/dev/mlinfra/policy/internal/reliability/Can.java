package dev.mlinfra.policy.internal.reliability;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.math.BigDecimal;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Whether a rule is about something at all: {@code COMPLIANT} is certainly, {@code VIOLATED}
 * certainly not, and {@code UNDECIDED} when one branch is and another is not, or nobody knows.
 */
final class Can {
  private Can() {}

  /** Whether a value is a word, in whatever case. */
  static Verdict be(Value value, String word) {
    return be(value, word::equalsIgnoreCase);
  }

  /** Whether a value is a text that a test admits. */
  static Verdict be(Value value, Predicate<String> test) {
    return agreed(value, it -> Decide.text(it, test));
  }

  /** Whether a value is a number that a test admits. */
  static Verdict beNumber(Value value, Predicate<BigDecimal> test) {
    return agreed(value, it -> Decide.number(it, test));
  }

  private static Verdict agreed(Value value, Function<Value, Verdict> decision) {
    List<Verdict> branches = value.alternatives().stream().map(decision).distinct().toList();
    return branches.size() == 1 ? branches.get(0) : Verdict.UNDECIDED;
  }

  /** What a rule finds, where it is not certain that it is about the place. */
  static Verdict judge(boolean certain, Verdict verdict) {
    return verdict == Verdict.VIOLATED && !certain ? Verdict.UNDECIDED : verdict;
  }

  /**
   * Says what was found.
   *
   * @param problem what is wrong when it is violated, as a clause: undecided is whether it is so
   */
  static void say(
      Outcomes.Of outcomes,
      Verdict verdict,
      Resource resource,
      String at,
      Value given,
      String problem,
      String fix) {
    outcomes.say(
        verdict,
        resource,
        at,
        given,
        verdict == Verdict.UNDECIDED
            ? "it is known only when deployed whether " + problem
            : problem,
        fix);
  }
}
