package dev.mlinfra.policy.internal.reliability;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Whether a rule is about something at all: {@code COMPLIANT} is certainly, {@code VIOLATED}
 * certainly not, and {@code UNDECIDED} when one branch is and another is not, or nobody knows.
 */
final class Can {
  private Can() {}

  /** Whether a value is a word, in whatever case. */
  static Verdict be(Value value, String word) {
    return be(value, it -> it.asText().filter(word::equalsIgnoreCase).isPresent());
  }

  /** Whether a value is a number that a test admits. */
  static Verdict beNumber(Value value, Predicate<BigDecimal> test) {
    return be(value, it -> it.asNumber().filter(test).isPresent());
  }

  /** Whether a value is one that a test admits. */
  static Verdict be(Value value, Predicate<Value> test) {
    List<Verdict> branches =
        value.alternatives().stream()
            .map(
                it ->
                    it.isSymbolic()
                        ? Verdict.UNDECIDED
                        : test.test(it) ? Verdict.COMPLIANT : Verdict.VIOLATED)
            .distinct()
            .toList();
    return branches.size() == 1 ? branches.get(0) : Verdict.UNDECIDED;
  }

  /** What a rule finds, where it is not certain that it is about the place. */
  static Verdict judge(boolean certain, Verdict verdict) {
    return verdict == Verdict.VIOLATED && !certain ? Verdict.UNDECIDED : verdict;
  }

  /** The better of some verdicts, where one that is as it must be is enough. */
  static Verdict best(Verdict... verdicts) {
    return Stream.of(verdicts).min(Comparator.naturalOrder()).orElse(Verdict.VIOLATED);
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
