package dev.mlinfra.policy.internal.iam;

import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.policy.internal.Statement;
import dev.mlinfra.policy.internal.Statement.Kind;
import dev.mlinfra.policy.internal.Statements;
import dev.mlinfra.template.Value;
import java.util.Optional;

/** No identity may do everything, or everything of a service. */
final class ActionStar implements Rule {
  private static final String FIX = "name the actions that are needed";

  @Override
  public String id() {
    return "mlinfra::iam.action-star";
  }

  @Override
  public String requirement() {
    return "A policy of an identity names actions: no \"*\", no \"service:*\", no NotAction.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    for (Statement statement : Statements.of(inspection, Kind.IDENTITY)) {
      if (!statement.allow()) {
        continue;
      }
      Value everythingBut = statement.entry("NotAction");
      if (!everythingBut.isMissing()) {
        outcomes.violated(
            statement.resource(),
            statement.at("NotAction"),
            everythingBut,
            "allows every action but some",
            FIX);
      }
      for (Value action : statement.actions()) {
        check(statement, action, inspection, outcomes);
      }
    }
  }

  private static void check(
      Statement statement, Value action, Inspection inspection, Outcomes.Of outcomes) {
    Optional<String> text = action.resolvedText(inspection.context(statement.resource())).text();
    if (text.isEmpty()) {
      outcomes.undecided(
          statement.resource(),
          statement.at("Action"),
          action,
          "the action is known only when deployed",
          FIX);
    } else if (text.get().equals("*") || text.get().endsWith(":*")) {
      outcomes.violated(
          statement.resource(),
          statement.at("Action"),
          action,
          text.get().equals("*") ? "allows every action" : "allows every action of a service",
          FIX);
    } else {
      outcomes.compliant(statement.resource(), statement.at("Action"));
    }
  }
}
