package dev.mlinfra.policy.internal.iam;

import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.policy.internal.Statement;
import dev.mlinfra.policy.internal.Statement.Kind;
import dev.mlinfra.policy.internal.Statements;
import dev.mlinfra.template.Value;
import java.util.regex.Pattern;

/** No identity may do everything, or everything of a service. */
final class ActionStar implements Rule {
  private static final String FIX = "name the actions that are needed";

  /** Nothing but wildcards, one of them a star; {@code s3:?*} names as much as {@code s3:*}. */
  private static final Pattern STAR = Pattern.compile("\\*+|\\*+:[*?]*|[^:]*:[*?]*\\*[*?]*");

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
      if (NamedAction.stands(everythingBut)) {
        outcomes.violated(
            statement.resource(),
            statement.at("NotAction"),
            everythingBut,
            "allows every action but some",
            FIX);
      }
      NamedAction.of(inspection, statement).forEach(it -> check(statement, it, outcomes));
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
    } else if (isStar(action.text().get())) {
      outcomes.violated(
          statement.resource(),
          statement.at("Action"),
          action.value(),
          action.text().get().startsWith("*")
              ? "allows every action"
              : "allows every action of a service",
          FIX);
    } else {
      outcomes.compliant(statement.resource(), statement.at("Action"));
    }
  }

  /** Whether a text names every action, or every action of a service. */
  static boolean isStar(String action) {
    return STAR.matcher(action).matches();
  }
}
