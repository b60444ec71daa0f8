package dev.mlinfra.policy.internal.iam;

import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.policy.internal.Statement;
import dev.mlinfra.policy.internal.Statements;
import dev.mlinfra.policy.internal.iam.IamAction.Known;
import dev.mlinfra.template.Value;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Every action exists: a misspelt one allows nothing, and in a denial it forbids nothing. So all
 * policies count, those of resources, roles and boundaries too, and what {@code NotAction} names.
 */
final class UnknownAction implements Rule {
  @Override
  public String id() {
    return "mlinfra::iam.unknown-action";
  }

  @Override
  public String requirement() {
    return "Every action of a policy is one that its service has.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    for (Statement statement : Statements.of(inspection)) {
      for (String entry : new String[] {"Action", "NotAction"}) {
        Value given = statement.entry(entry);
        // Of a statement that is not known, one entry is enough to say so.
        boolean twice = entry.equals("NotAction") && !NamedAction.stands(given);
        for (Value action : twice ? List.<Value>of() : Decide.items(given)) {
          check(
              statement,
              statement.at(entry),
              NamedAction.of(inspection, statement, action),
              outcomes);
        }
      }
    }
  }

  private static void check(
      Statement statement, String at, NamedAction action, Outcomes.Of outcomes) {
    if (action.text().isEmpty()) {
      outcomes.undecided(
          statement.resource(),
          at,
          action.value(),
          "the action is known only when deployed",
          "write the action out");
    } else if (action.isUnknown()) {
      outcomes.violated(
          statement.resource(),
          at,
          action.value(),
          problem(action.text().get()),
          nearest(action.text().get())
              .map(it -> "write " + it)
              .orElse("look it up in the list of the service's actions"));
    } else if (action.actions().stream().allMatch(it -> it.known() == Known.ONE)
        && !action.isEverything()) {
      outcomes.undecided(
          statement.resource(),
          at,
          action.value(),
          "one of two sources knows no such action; it is new, or gone",
          "look it up in the list of the service's actions");
    } else {
      outcomes.compliant(statement.resource(), at);
    }
  }

  private static String problem(String action) {
    int colon = action.indexOf(':');
    if (colon < 0) {
      return "is no action: it names no service";
    }
    String service = action.substring(0, colon);
    return IamFacts.actions(service).isEmpty()
        ? "there is no service " + service + " in the table of " + IamFacts.date()
        : service + " has no such action in the table of " + IamFacts.date();
  }

  /** What was probably meant. */
  private static Optional<String> nearest(String action) {
    int colon = action.indexOf(':');
    if (colon < 0 || IamFacts.isPattern(action)) {
      return Optional.empty();
    }
    String service = action.substring(0, colon);
    String name = action.substring(colon + 1);
    Collection<IamAction> actions = IamFacts.actions(service);
    if (!actions.isEmpty()) {
      return nearest(name, actions.stream().map(IamAction::name).toList())
          .map(it -> service + ":" + it);
    }
    return nearest(service, IamFacts.services()).map(it -> it + ":" + name);
  }

  /** The text with the fewest changes, when they are few for its length. */
  private static Optional<String> nearest(String given, Collection<String> known) {
    String wanted = given.toLowerCase(Locale.ROOT);
    int most = Math.max(1, given.length() / 4);
    return known.stream()
        .filter(it -> Math.abs(it.length() - given.length()) <= most)
        .min(Comparator.comparingInt(it -> changes(wanted, it.toLowerCase(Locale.ROOT))))
        .filter(it -> changes(wanted, it.toLowerCase(Locale.ROOT)) <= most);
  }

  /** How many characters to change, add or take out (Levenshtein). */
  private static int changes(String one, String other) {
    int[] previous = new int[other.length() + 1];
    for (int j = 0; j <= other.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= one.length(); i++) {
      int[] row = new int[other.length() + 1];
      row[0] = i;
      for (int j = 1; j <= other.length(); j++) {
        int same = one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1;
        row[j] = Math.min(Math.min(row[j - 1], previous[j]) + 1, previous[j - 1] + same);
      }
      previous = row;
    }
    return previous[other.length()];
  }
}
