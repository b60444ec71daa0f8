package dev.mlinfra.policy.internal.iam;

import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.policy.internal.Statement;
import dev.mlinfra.policy.internal.Statement.Kind;
import dev.mlinfra.policy.internal.Statements;
import dev.mlinfra.policy.internal.iam.IamAction.Known;
import dev.mlinfra.policy.internal.iam.NamedResource.Reach;
import java.util.List;
import java.util.Optional;

/**
 * Actions and resources of a statement go together: each action has a resource of a type that it
 * acts on, and each resource an action. {@code s3:GetObject} on the ARN of a bucket, without {@code
 * /*}, allows nothing. Parts that are not known admit every form, except that the name of a bucket
 * holds no slash.
 */
final class ResourceForm implements Rule {
  @Override
  public String id() {
    return "mlinfra::iam.resource-form";
  }

  @Override
  public String requirement() {
    return "Every allowed action has a resource of a type that it acts on, and every resource an action.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    for (Statement statement : Statements.of(inspection, Kind.IDENTITY)) {
      if (statement.allow() && !statement.resources().isEmpty()) {
        check(
            statement,
            NamedAction.of(inspection, statement),
            NamedResource.of(inspection, statement),
            outcomes);
      }
    }
  }

  private static void check(
      Statement statement,
      List<NamedAction> actions,
      List<NamedResource> resources,
      Outcomes.Of outcomes) {
    boolean anyFits = false;
    for (NamedAction action : actions) {
      if (!action.actions().isEmpty()) {
        boolean fits = resources.stream().anyMatch(it -> fits(action.actions(), it));
        anyFits |= fits;
        judge(statement, action, fits, outcomes);
      }
    }
    // Where nothing fits, the actions have said so.
    boolean open = actions.stream().anyMatch(it -> it.isUnknown() || isUncertain(it));
    if (actions.stream().anyMatch(NamedAction::isEverything) || (!anyFits && !open)) {
      return;
    }
    List<IamAction> all = actions.stream().flatMap(it -> it.actions().stream()).toList();
    for (NamedResource resource : resources) {
      judge(statement, resource, fits(all, resource), open, outcomes);
    }
  }

  private static void judge(
      Statement statement, NamedAction action, boolean fits, Outcomes.Of outcomes) {
    String at = statement.at("Action");
    if (fits) {
      outcomes.compliant(statement.resource(), at);
    } else if (isUncertain(action)) {
      outcomes.undecided(
          statement.resource(),
          at,
          action.value(),
          "on what it acts is not certain: two sources differ",
          "look it up in the list of the service's actions");
    } else {
      outcomes.violated(statement.resource(), at, action.value(), problem(action), fix(action));
    }
  }

  private static void judge(
      Statement statement,
      NamedResource resource,
      boolean fits,
      boolean open,
      Outcomes.Of outcomes) {
    String at = statement.at("Resource");
    if (fits) {
      outcomes.compliant(statement.resource(), at);
    } else if (open) {
      outcomes.undecided(
          statement.resource(),
          at,
          resource.value(),
          "whether an action of the statement acts on it is not known",
          "write actions out, as the table has them");
    } else {
      outcomes.violated(
          statement.resource(),
          at,
          resource.value(),
          "no action of the statement acts on it",
          "take it out, or name what the actions act on");
    }
  }

  /** Whether one of some actions acts on a resource, as far as anybody can tell. */
  private static boolean fits(List<IamAction> actions, NamedResource resource) {
    return resource.reach() == Reach.EVERYTHING
        || actions.stream().anyMatch(it -> hasNoType(it) ? !resource.exact() : resource.admits(it));
  }

  private static boolean hasNoType(IamAction action) {
    return action.types().isEmpty();
  }

  private static boolean isUncertain(NamedAction action) {
    return action.actions().stream().anyMatch(it -> it.known() == Known.DIFFER);
  }

  private static String problem(NamedAction action) {
    return first(action)
        .map(it -> "acts on " + it.actsOn() + ", and no resource of the statement is one")
        .orElse("acts on no resource, so that it is allowed only on \"*\"");
  }

  private static String fix(NamedAction action) {
    return first(action)
        .flatMap(IamAction::exampleArn)
        .map(arn -> "name one, such as " + arn)
        .orElse("allow it on \"*\", in a statement of its own");
  }

  private static Optional<IamAction> first(NamedAction action) {
    return action.actions().stream().filter(it -> !hasNoType(it)).findFirst();
  }
}
