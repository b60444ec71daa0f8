package dev.mlinfra.policy.internal.iam;

import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Statement;
import dev.mlinfra.template.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one entry of a statement's {@code Action} names.
 *
 * @param value the entry
 * @param text its text, such as {@code s3:Get*}; empty when only the deployment knows it
 * @param actions what it names by the table; none for {@code *} alone, which names everything
 */
record NamedAction(Value value, Optional<String> text, List<IamAction> actions) {
  private static final String EVERYTHING = "*";

  NamedAction {
    actions = List.copyOf(actions);
  }

  /** What the entries of {@code Action} name. */
  static List<NamedAction> of(Inspection inspection, Statement statement) {
    return statement.actions().stream().map(it -> of(inspection, statement, it)).toList();
  }

  /** What one entry names. */
  static NamedAction of(Inspection inspection, Statement statement, Value entry) {
    Optional<String> text = entry.resolvedText(inspection.context(statement.resource())).text();
    List<IamAction> actions =
        text.filter(it -> !it.equals(EVERYTHING))
            .map(inspection.prepared(Expansions.class, it -> new Expansions())::of)
            .orElse(List.of());
    return new NamedAction(entry, text, actions);
  }

  /**
   * Whether there is an entry such as {@code NotAction}: of a statement that only the deployment
   * knows nobody can say so.
   */
  static boolean stands(Value entry) {
    return !entry.isMissing() && !(entry instanceof Value.Unknown);
  }

  /** Whether it names every action of every service. */
  boolean isEverything() {
    return text.filter(EVERYTHING::equals).isPresent();
  }

  /** Whether the table cannot say what it names: the text is not known, or nothing is called so. */
  boolean isUnknown() {
    return actions.isEmpty() && !isEverything();
  }

  /** The expansions of one inspection: statements name the same actions again and again. */
  private static final class Expansions {
    private final Map<String, List<IamAction>> known = new HashMap<>();

    List<IamAction> of(String pattern) {
      return known.computeIfAbsent(pattern, IamFacts::expand);
    }
  }
}
