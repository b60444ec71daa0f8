package dev.mlinfra.policy.internal;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.template.Value;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Decisions over resolved values in three words. Every branch of {@code Fn::If} must satisfy; what
 * is not there satisfies nothing; what only the deployment knows is undecided.
 */
public final class Decide {
  private Decide() {}

  /** The worst verdict over everything that a value can be; a branch can be {@code Missing}. */
  public static Verdict each(Value value, Function<Value, Verdict> decision) {
    return Verdict.worst(value.alternatives().stream().map(decision).toList());
  }

  /** The best of some verdicts, where one is enough; {@link Verdict#VIOLATED} for none. */
  public static Verdict best(Collection<Verdict> verdicts) {
    return verdicts.stream().min(Comparator.naturalOrder()).orElse(Verdict.VIOLATED);
  }

  /** Whether a value is certainly a text, number or boolean that a test admits. */
  public static Verdict text(Value value, Predicate<String> test) {
    return each(
        value,
        it -> {
          if (isOpen(it)) {
            return Verdict.UNDECIDED;
          }
          return it.asText().filter(test).isPresent() ? Verdict.COMPLIANT : Verdict.VIOLATED;
        });
  }

  /** Whether a value is certainly one of some texts. */
  public static Verdict oneOf(Value value, String... allowed) {
    return text(value, List.of(allowed)::contains);
  }

  /** Whether a value is certainly {@code true}. */
  public static Verdict isTrue(Value value) {
    return text(value, "true"::equalsIgnoreCase);
  }

  /** Whether a value is certainly a number that a test admits. */
  public static Verdict number(Value value, Predicate<BigDecimal> test) {
    return each(
        value,
        it -> {
          if (isOpen(it)) {
            return Verdict.UNDECIDED;
          }
          return it.asNumber().filter(test).isPresent() ? Verdict.COMPLIANT : Verdict.VIOLATED;
        });
  }

  /** Whether something certainly stands there, whatever it is. */
  public static Verdict present(Value value) {
    return each(
        value,
        it -> {
          // An output that Pulumi does not know yet is there; a part of a symbol may not be.
          if (it instanceof Value.Unknown unknown && !(unknown.raw() instanceof Value.Null)) {
            return Verdict.UNDECIDED;
          }
          if (it instanceof Value.Transform) {
            return Verdict.UNDECIDED;
          }
          return it.isMissing() || it instanceof Value.Null ? Verdict.VIOLATED : Verdict.COMPLIANT;
        });
  }

  /**
   * A text can ask the deployment to look the value up, as <code>{{resolve:ssm:/a}}</code> does.
   */
  private static boolean isOpen(Value value) {
    return value.isSymbolic()
        || (value instanceof Value.Text it && it.text().contains("{{resolve:"));
  }

  /** The opposite of a verdict; what is undecided stays so. */
  public static Verdict not(Verdict verdict) {
    return switch (verdict) {
      case COMPLIANT -> Verdict.VIOLATED;
      case VIOLATED -> Verdict.COMPLIANT;
      case UNDECIDED -> Verdict.UNDECIDED;
    };
  }

  /** The items of a list or the one value, through all branches, without what is not there. */
  public static List<Value> items(Value value) {
    return value.alternatives().stream()
        .flatMap(it -> it.oneOrMany().stream())
        .flatMap(it -> it.alternatives().stream())
        .filter(it -> !it.isMissing())
        .toList();
  }
}
