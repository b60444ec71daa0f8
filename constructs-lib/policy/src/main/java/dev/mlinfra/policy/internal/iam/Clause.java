package dev.mlinfra.policy.internal.iam;

import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Statement;
import dev.mlinfra.template.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * One test of a {@code Condition}: an operator, the key that it looks at, and what is admitted.
 *
 * @param operator in lower case, without {@code ForAnyValue:} and {@code IfExists}
 * @param passesWithout whether a request without the key passes: {@code IfExists}, {@code
 *     ForAllValues:}
 * @param key in lower case, such as {@code aws:sourcearn}
 * @param values what is admitted; one of them must match
 */
record Clause(String operator, boolean passesWithout, String key, List<Glob> values) {
  private static final Set<String> ADMITTING =
      Set.of(
          "stringequals",
          "stringequalsignorecase",
          "stringlike",
          "arnequals",
          "arnlike",
          "ipaddress",
          "numericequals",
          "bool");

  /** Operators that take wildcards for what they are. */
  private static final Set<String> EXACT = Set.of("stringequals", "stringequalsignorecase");

  /** Whether it names what is admitted, and not what is refused. */
  boolean admits() {
    return ADMITTING.contains(operator);
  }

  /** Whether a wildcard in a value is an ordinary character. */
  boolean isExact() {
    return EXACT.contains(operator);
  }

  boolean isAbout(String wanted) {
    return key.equals(wanted.toLowerCase(Locale.ROOT));
  }

  /** Whether each value satisfies a test; false without any. */
  Ternary each(Function<Glob, Ternary> test) {
    return values.isEmpty() ? Ternary.FALSE : Ternary.each(values, test);
  }

  /**
   * Whether a test holds of some clause of a statement, whichever branch of {@code Fn::If} is
   * deployed. A statement without a condition has no clauses.
   */
  static Ternary any(Statement statement, Inspection inspection, Function<Clause, Ternary> test) {
    return Ternary.each(
        statement.entry("Condition").alternatives(),
        condition -> {
          Ternary found = Ternary.any(clauses(statement, condition, inspection), test);
          return isUncertain(condition) ? found.or(Ternary.UNKNOWN) : found;
        });
  }

  /** The clauses of a statement that can be read, in any branch of {@code Fn::If}. */
  static List<Clause> of(Statement statement, Inspection inspection) {
    return statement.entry("Condition").alternatives().stream()
        .flatMap(condition -> clauses(statement, condition, inspection).stream())
        .toList();
  }

  /** Whether only the deployment knows which clauses a statement has. */
  static boolean isUncertain(Statement statement) {
    List<Value> branches = statement.entry("Condition").alternatives();
    return branches.size() > 1 || branches.stream().anyMatch(Clause::isUncertain);
  }

  private static List<Clause> clauses(Statement statement, Value condition, Inspection inspection) {
    List<Clause> found = new ArrayList<>();
    for (Map.Entry<String, Value> operator : condition.asMap().entrySet()) {
      for (Map.Entry<String, Value> key : operator.getValue().asMap().entrySet()) {
        if (!isOptional(key.getValue())) {
          List<Glob> values =
              Decide.items(key.getValue()).stream()
                  .map(value -> Glob.of(value, inspection, statement.resource()))
                  .toList();
          found.add(of(operator.getKey(), key.getKey(), values));
        }
      }
    }
    return found;
  }

  private static Clause of(String written, String key, List<Glob> values) {
    String operator = written.toLowerCase(Locale.ROOT);
    boolean forAll = operator.startsWith("forallvalues:");
    operator = operator.substring(operator.indexOf(':') + 1);
    boolean ifExists = operator.endsWith("ifexists");
    if (ifExists) {
      operator = operator.substring(0, operator.length() - "ifexists".length());
    }
    return new Clause(operator, forAll || ifExists, key.toLowerCase(Locale.ROOT), values);
  }

  private static boolean isUncertain(Value condition) {
    return condition.isSymbolic()
        || condition.asMap().values().stream()
            .anyMatch(
                operator ->
                    operator.isSymbolic()
                        || operator.asMap().values().stream().anyMatch(Clause::isOptional));
  }

  /** Whether the key is there in one branch only. */
  private static boolean isOptional(Value values) {
    return values.alternatives().stream().anyMatch(Value::isMissing);
  }
}
