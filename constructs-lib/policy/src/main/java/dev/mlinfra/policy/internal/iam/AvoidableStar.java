package dev.mlinfra.policy.internal.iam;

import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.policy.internal.Statement;
import dev.mlinfra.policy.internal.Statement.Kind;
import dev.mlinfra.policy.internal.Statements;
import dev.mlinfra.template.Value;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * {@code Resource: "*"} stands only where no action of the statement has a resource to name, by the
 * table's <em>required</em> types. An ARN such as {@code arn:aws:s3:::*}, which leaves everything
 * of a service, counts as a star. What all resources of one type would be, such as {@code
 * arn:aws:ec2:*:*:instance/*}, does not.
 */
final class AvoidableStar implements Rule {
  private static final String FIX =
      "name what they act on; put the actions that need \"*\" into a statement of their own";

  @Override
  public String id() {
    return "mlinfra::iam.avoidable-star";
  }

  @Override
  public String requirement() {
    return "Resource \"*\" is allowed only for actions that have no resource to name.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    for (Statement statement : Statements.of(inspection, Kind.IDENTITY)) {
      if (!statement.allow()) {
        continue;
      }
      List<NamedAction> actions = NamedAction.of(inspection, statement);
      Predicate<IamAction> any = action -> true;
      Value everythingBut = statement.entry("NotResource");
      if (NamedAction.stands(everythingBut)) {
        judge(statement, "NotResource", everythingBut, actions, any, outcomes);
      }
      for (NamedResource resource : NamedResource.of(inspection, statement)) {
        switch (resource.reach()) {
          case BOUNDED -> outcomes.compliant(statement.resource(), statement.at("Resource"));
          case EVERYTHING ->
              judge(statement, "Resource", resource.value(), actions, resource::admits, outcomes);
          case UNKNOWN -> undecided(statement, resource.value(), actions, any, outcomes);
        }
      }
    }
  }

  private static void judge(
      Statement statement,
      String entry,
      Value given,
      List<NamedAction> actions,
      Predicate<IamAction> admitted,
      Outcomes.Of outcomes) {
    Optional<IamAction> bounded = bounded(actions, admitted);
    String at = statement.at(entry);
    if (bounded.isPresent()) {
      outcomes.violated(
          statement.resource(), at, given, problem(bounded.get()), fix(bounded.get()));
    } else if (hasEverything(statement, actions)) {
      outcomes.violated(statement.resource(), at, given, "allows every action on everything", FIX);
    } else if (actions.stream().anyMatch(AvoidableStar::isOpen)) {
      outcomes.undecided(
          statement.resource(),
          at,
          given,
          "whether every action needs it is not known",
          "write actions that the table knows, or put this one into a statement of its own");
    } else {
      outcomes.compliant(statement.resource(), at);
    }
  }

  private static void undecided(
      Statement statement,
      Value given,
      List<NamedAction> actions,
      Predicate<IamAction> admitted,
      Outcomes.Of outcomes) {
    if (bounded(actions, admitted).isPresent()
        || hasEverything(statement, actions)
        || actions.stream().anyMatch(AvoidableStar::isOpen)) {
      outcomes.undecided(
          statement.resource(),
          statement.at("Resource"),
          given,
          "the resource is known only when deployed",
          FIX);
    } else {
      outcomes.compliant(statement.resource(), statement.at("Resource"));
    }
  }

  /** The first action that has something to name, among those that a resource is about. */
  private static Optional<IamAction> bounded(
      List<NamedAction> actions, Predicate<IamAction> admitted) {
    return actions.stream()
        .flatMap(it -> it.actions().stream())
        .filter(it -> it.alwaysHasResource() && !it.isDisputed() && admitted.test(it))
        .findFirst();
  }

  private static boolean hasEverything(Statement statement, List<NamedAction> actions) {
    return actions.stream().anyMatch(NamedAction::isEverything)
        || NamedAction.stands(statement.entry("NotAction"));
  }

  private static boolean isOpen(NamedAction action) {
    return action.isUnknown() || action.actions().stream().anyMatch(IamAction::isDisputed);
  }

  private static String problem(IamAction action) {
    return "allows everything, although " + action.id() + " acts on " + action.actsOn();
  }

  private static String fix(IamAction action) {
    return action
        .exampleArn()
        .map(arn -> "name it, such as " + arn + "; \"*\" is for actions that have nothing to name")
        .orElse(FIX);
  }
}
