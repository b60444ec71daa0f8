package dev.mlinfra.policy.internal.reliability;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.template.Value;
import java.util.List;
import java.util.Optional;

/**
 * One entry of {@code EvaluateOnExit}. The first entry counts whose conditions all match; a pattern
 * can end in {@code *}.
 */
record RetryCondition(Value entry) {
  private static final String EVERYTHING = "*";
  private static final List<String> OTHERS = List.of("OnReason", "OnExitCode");

  Verdict matchesEverything() {
    return Verdict.worst(
        List.of(
            matchesEverything("OnStatusReason"),
            matchesEverything("OnReason"),
            matchesEverything("OnExitCode")));
  }

  /** Whether the entry is the one for an attempt that ended with a status reason. */
  Verdict matches(String statusReason) {
    Verdict others = Verdict.worst(OTHERS.stream().map(this::matchesEverything).toList());
    Value pattern = entry.entry("OnStatusReason");
    return pattern.isMissing()
        ? others
        : Verdict.worst(List.of(others, Decide.text(pattern, it -> globbed(it, statusReason))));
  }

  Verdict exits() {
    return Decide.text(entry.entry("Action"), "EXIT"::equalsIgnoreCase);
  }

  /** What is not there lets everything through. */
  private Verdict matchesEverything(String name) {
    Value pattern = entry.entry(name);
    return pattern.isMissing() ? Verdict.COMPLIANT : Decide.text(pattern, EVERYTHING::equals);
  }

  private static boolean globbed(String pattern, String text) {
    return pattern.endsWith(EVERYTHING)
        ? text.startsWith(pattern.substring(0, pattern.length() - 1))
        : pattern.equals(text);
  }

  /** What becomes of an attempt that ended with a status reason: the first that matches decides. */
  static Verdict retries(Value list, String statusReason) {
    if (list.isSymbolic()) {
      return Verdict.UNDECIDED;
    }
    for (Value item : list.asList()) {
      RetryCondition condition = new RetryCondition(item);
      Optional<Verdict> decided =
          switch (condition.matches(statusReason)) {
            case COMPLIANT -> Optional.of(Decide.not(condition.exits()));
            case UNDECIDED -> Optional.of(Verdict.UNDECIDED);
            case VIOLATED -> Optional.empty();
          };
      if (decided.isPresent()) {
        return decided.get();
      }
    }
    return Verdict.COMPLIANT;
  }
}
