package dev.mlinfra.policy.internal.iam;

import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Statement;
import dev.mlinfra.template.Value;
import java.util.List;
import java.util.Locale;

/**
 * One entry of {@code Action} or {@code NotAction}, such as {@code s3:Get*}. Case does not count,
 * {@code *} and {@code ?} are wildcards.
 */
record ActionPattern(Glob pattern) {

  ActionPattern {
    pattern = pattern.lowerCase();
  }

  /** The entries of {@code Action} or {@code NotAction} of a statement. */
  static List<ActionPattern> of(Statement statement, List<Value> entries, Inspection inspection) {
    return entries.stream()
        .map(entry -> new ActionPattern(Glob.of(entry, inspection, statement.resource())))
        .toList();
  }

  /** Whether it covers an action such as {@code iam:PassRole}. */
  Ternary covers(String action) {
    return pattern.matches(action.toLowerCase(Locale.ROOT));
  }
}
