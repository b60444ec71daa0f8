package dev.mlinfra.policy.internal.iam;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.policy.internal.Statement;
import dev.mlinfra.policy.internal.Statement.Kind;
import dev.mlinfra.policy.internal.Statements;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.util.List;
import java.util.Optional;

/**
 * Who may give roles to services may do so with named roles, to named services.
 *
 * <p>A name with a wildcard does not count as one, however long its start: a role that is made
 * later, by somebody else, is covered too.
 */
final class PassRole implements Rule {
  private static final String ACTION = "iam:PassRole";
  private static final int ARN_FIELDS = 6;

  @Override
  public String id() {
    return "mlinfra::iam.pass-role";
  }

  @Override
  public String requirement() {
    return "Roles are passed by their names, and only to the services that need them.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    for (Statement statement : Statements.of(inspection, Kind.IDENTITY)) {
      if (!statement.allow()) {
        continue;
      }
      StatementScope scope = StatementScope.of(statement, inspection);
      Ternary covers = scope.covers(ACTION);
      if (covers != Ternary.FALSE && canBeRoles(scope, inspection)) {
        roles(statement, covers, inspection, outcomes);
        service(statement, covers, inspection, outcomes);
      }
    }
  }

  /** A statement whose resources are all of other kinds passes no role. */
  private static boolean canBeRoles(StatementScope scope, Inspection inspection) {
    List<Value> resources = scope.statement().resources();
    return resources.isEmpty()
        || resources.stream().anyMatch(it -> isRole(it, scope.statement(), inspection));
  }

  private static void roles(
      Statement statement, Ternary covers, Inspection inspection, Outcomes.Of outcomes) {
    if (statement.resources().isEmpty()) {
      say(
          outcomes,
          covers.not(),
          statement,
          "NotResource",
          statement.entry("NotResource"),
          "passes every role but some",
          "name the roles in Resource");
    }
    for (Value resource : statement.resources()) {
      if (isRole(resource, statement, inspection)) {
        Glob arn = Glob.of(resource, inspection, statement.resource());
        Ternary isName = arn.isPattern().not();
        say(
            outcomes,
            isName.or(covers.not()),
            statement,
            "Resource",
            resource,
            isName == Ternary.FALSE && covers == Ternary.TRUE
                ? "passes roles that it does not name: " + arn
                : "passes roles that only the deployment knows: " + arn,
            "name the role's ARN without a wildcard, or refer to the role");
      }
    }
  }

  /** Whether a resource is, or can be, a role. */
  private static boolean isRole(Value resource, Statement statement, Inspection inspection) {
    Optional<String> type = inspection.named(resource).map(Resource::type);
    if (type.isPresent()) {
      return type.get().equals("AWS::IAM::Role")
          || type.get().startsWith("Custom::")
          || type.get().startsWith("AWS::CloudFormation::");
    }
    Glob arn = Glob.of(resource, inspection, statement.resource());
    String[] fields = arn.text().split(":", ARN_FIELDS);
    if (!fields[0].equals("arn")) {
      return startsOpen(arn.text());
    }
    boolean iam = fields.length < 3 || new Glob(fields[2]).matches("iam") != Ternary.FALSE;
    return iam
        && (fields.length < ARN_FIELDS || fields[5].startsWith("role") || startsOpen(fields[5]));
  }

  private static boolean startsOpen(String text) {
    return !text.isEmpty() && ("*?" + Glob.UNKNOWN).indexOf(text.charAt(0)) >= 0;
  }

  private static void service(
      Statement statement, Ternary covers, Inspection inspection, Outcomes.Of outcomes) {
    Ternary named =
        Clause.any(
            statement,
            inspection,
            clause ->
                clause.isAbout("iam:PassedToService") && clause.admits()
                    ? clause.each(value -> isService(value, clause.isExact()))
                    : Ternary.FALSE);
    say(
        outcomes,
        named.or(covers.not()),
        statement,
        "Condition",
        statement.entry("Condition"),
        named == Ternary.FALSE && covers == Ternary.TRUE
            ? "passes roles to any service"
            : "passes roles to services that only the deployment knows",
        "add StringEquals iam:PassedToService with the services, such as ecs-tasks.amazonaws.com");
  }

  private static Ternary isService(Glob value, boolean exact) {
    return exact && !value.hasUnknown() ? Ternary.TRUE : value.isPattern().not();
  }

  private static void say(
      Outcomes.Of outcomes,
      Ternary holds,
      Statement statement,
      String entry,
      Value given,
      String problem,
      String fix) {
    Verdict verdict = holds.verdict();
    outcomes.say(verdict, statement.resource(), statement.at(entry), given, problem, fix);
  }
}
