package dev.mlinfra.policy.internal.iam;

import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.policy.internal.Statement;
import dev.mlinfra.policy.internal.Statement.Kind;
import dev.mlinfra.policy.internal.Statements;
import java.util.stream.Collectors;

/**
 * An identity's actions are written out: what {@code s3:Get*} names grows with every feature of the
 * service. A whole service is the matter of {@link ActionStar}.
 */
final class ActionWildcard implements Rule {
  private static final String FIX = "name the ones that are needed";
  private static final int SHOWN = 4;

  @Override
  public String id() {
    return "mlinfra::iam.action-wildcard";
  }

  @Override
  public String requirement() {
    return "A policy of an identity names actions in full, without a wildcard.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    for (Statement statement : Statements.of(inspection, Kind.IDENTITY)) {
      if (statement.allow()) {
        NamedAction.of(inspection, statement).forEach(it -> check(statement, it, outcomes));
      }
    }
  }

  private static void check(Statement statement, NamedAction action, Outcomes.Of outcomes) {
    if (action.text().isEmpty()) {
      outcomes.undecided(
          statement.resource(),
          statement.at("Action"),
          action.value(),
          "the action is known only when deployed",
          FIX);
    } else if (!IamFacts.isPattern(action.text().get())) {
      outcomes.compliant(statement.resource(), statement.at("Action"));
    } else if (!ActionStar.isStar(action.text().get())) {
      outcomes.violated(
          statement.resource(), statement.at("Action"), action.value(), names(action), FIX);
    }
  }

  private static String names(NamedAction action) {
    int count = action.actions().size();
    if (count == 0) {
      return "names no action today, and whatever is called so later";
    }
    return "names "
        + (count == 1 ? "1 action: " : count + " actions: ")
        + action.actions().stream()
            .limit(SHOWN)
            .map(IamAction::name)
            .collect(Collectors.joining(", "))
        + (count > SHOWN ? " …" : "");
  }
}
