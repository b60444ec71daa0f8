package dev.mlinfra.policy.internal.iam;

import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Statement;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.util.ArrayList;
import java.util.List;

/**
 * A statement of a policy made ready to ask which actions it is about, on which resources.
 *
 * @param statement the statement
 * @param actions what {@code Action} names
 * @param otherActions what {@code NotAction} names; empty without it
 * @param resources what {@code Resource} names
 * @param otherResources what {@code NotResource} names; empty without it
 * @param clauses the tests of its condition
 * @param isUncertain whether the condition can hold tests that cannot be read
 * @param isCertain whether it is deployed in any case, and not only in a branch of {@code Fn::If}
 */
record StatementScope(
    Statement statement,
    List<ActionPattern> actions,
    List<ActionPattern> otherActions,
    List<Glob> resources,
    List<Glob> otherResources,
    List<Clause> clauses,
    boolean isUncertain,
    boolean isCertain) {
  private static final int ARN_FIELDS = 6;

  static StatementScope of(Statement statement, Inspection inspection) {
    return new StatementScope(
        statement,
        ActionPattern.of(statement, statement.actions(), inspection),
        ActionPattern.of(statement, Decide.items(statement.entry("NotAction")), inspection),
        globs(statement, "Resource", inspection),
        globs(statement, "NotResource", inspection),
        Clause.of(statement, inspection),
        Clause.isUncertain(statement),
        isCertain(statement, inspection));
  }

  private static boolean isCertain(Statement statement, Inspection inspection) {
    Resource holder = statement.resource();
    Value written = inspection.property(holder, statement.at());
    boolean deployed =
        holder
            .attribute("Condition")
            .asText()
            .map(name -> inspection.context(holder).condition(name).isPresent())
            .orElse(true);
    return deployed && !written.isSymbolic();
  }

  private static List<Glob> globs(Statement statement, String entry, Inspection inspection) {
    List<Glob> globs = new ArrayList<>();
    for (Value value : Decide.items(statement.entry(entry))) {
      globs.add(Glob.of(value, inspection, statement.resource()));
    }
    return globs;
  }

  /** Whether the statement is about an action, such as {@code iam:PassRole}. */
  Ternary covers(String action) {
    return otherActions.isEmpty()
        ? Ternary.any(actions, pattern -> pattern.covers(action))
        : Ternary.each(otherActions, pattern -> pattern.covers(action).not());
  }

  /**
   * Whether it reaches resources that nobody named: everything, or all of a kind. A full name does
   * not, nor does the start of one.
   *
   * @param example what such a resource looks like: {@code service:resource/{name}}
   */
  Ternary reachesBeyond(String example) {
    return otherResources.isEmpty()
        ? Ternary.any(resources, pattern -> matchesForeign(pattern, example))
        : Ternary.each(otherResources, pattern -> matchesForeign(pattern, example).not());
  }

  /** Whether it reaches any resource at all that the action can be about. */
  Ternary reachesSome(String action) {
    String service = action.substring(0, action.indexOf(':'));
    return Ternary.of(
        !otherResources.isEmpty()
            || resources.stream().anyMatch(pattern -> canBeOf(pattern, service)));
  }

  /** Whether it is about everything. */
  Ternary reachesAll() {
    return Ternary.any(resources, pattern -> pattern.matches(Glob.FOREIGN));
  }

  private static boolean canBeOf(Glob pattern, String service) {
    String[] fields = pattern.text().split(":", ARN_FIELDS);
    return !fields[0].equals("arn")
        || fields.length < 3
        || new Glob(fields[2]).matches(service) != Ternary.FALSE;
  }

  private static Ternary matchesForeign(Glob pattern, String example) {
    int colon = example.indexOf(':');
    String arn =
        "arn:x:"
            + example.substring(0, colon)
            + ":x:x:"
            + example.substring(colon + 1).replace("{name}", Glob.FOREIGN);
    return anywhere(pattern).matches(arn);
  }

  /** The same resources in every partition, region and account. */
  private static Glob anywhere(Glob pattern) {
    String[] fields = pattern.text().split(":", ARN_FIELDS);
    if (!fields[0].equals("arn")) {
      return pattern;
    }
    // What is missing is a wildcard, unless it hides in a part that is not known.
    String missing = pattern.hasUnknown() ? String.valueOf(Glob.UNKNOWN) : "*";
    return new Glob(
        "arn:*:"
            + (fields.length > 2 ? fields[2] : missing)
            + ":*:*:"
            + (fields.length == ARN_FIELDS ? fields[5] : missing));
  }
}
