package dev.mlinfra.policy.internal.iam;

import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.policy.internal.Statement;
import dev.mlinfra.policy.internal.Statement.Kind;
import dev.mlinfra.policy.internal.Statements;
import dev.mlinfra.policy.internal.iam.Rights.Step;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.ResourceId;
import dev.mlinfra.template.Value;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who uses a key cannot delete it or change who may use it: neither by the policies of the roles
 * that workloads have, nor by the key's own.
 *
 * <p>Workloads are the roles that a service takes on, except CloudFormation, which makes the keys.
 * In a key's policy all actions are for the account, whose policies say who in it has them.
 */
final class KeyAdministration implements Rule {
  private static final List<String> ADMINISTRATION =
      List.of("kms:ScheduleKeyDeletion", "kms:PutKeyPolicy");
  private static final String DEPLOYMENT = "cloudformation.amazonaws.com";

  @Override
  public String id() {
    return "mlinfra::iam.key-administration";
  }

  @Override
  public String requirement() {
    return "Workloads use keys but do not administer them; only the account has every right.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    Set<ResourceId> workloads = workloads(inspection);
    StatementsByHolder statements = StatementsByHolder.of(inspection);
    statements
        .byHolder()
        .forEach(
            (id, held) -> {
              if (workloads.contains(id)) {
                inspection
                    .resource(id)
                    .ifPresent(
                        role ->
                            role(role, new Rights(held, statements.boundaries(role)), outcomes));
              }
            });
    for (Statement statement : Statements.of(inspection, Kind.RESOURCE)) {
      if (statement.allow() && statement.resource().type().equals("AWS::KMS::Key")) {
        key(statement, workloads, inspection, outcomes);
      }
    }
  }

  private static Set<ResourceId> workloads(Inspection inspection) {
    Set<ResourceId> roles = new HashSet<>();
    for (Statement trust : Statements.of(inspection, Kind.TRUST)) {
      if (trust.allow()
          && Principal.of(trust, inspection).stream()
              .filter(Principal::isService)
              .anyMatch(it -> !Principal.service(it.name()).equals(DEPLOYMENT))) {
        roles.add(trust.resource().id());
      }
    }
    return roles;
  }

  private static void role(Resource role, Rights rights, Outcomes.Of outcomes) {
    Ternary administers = Ternary.FALSE;
    Optional<StatementScope> by = Optional.empty();
    for (String action : ADMINISTRATION) {
      Step step = new Step(action, Optional.empty(), List.of());
      Ternary answer = rights.allow(step);
      if (answer.compareTo(administers) > 0) {
        administers = answer;
        by = rights.allowing(step).stream().findFirst();
      }
    }
    String place =
        by.map(StatementScope::statement)
            .map(it -> it.resource().id().name() + " " + it.at())
            .orElse("");
    outcomes.say(
        administers.not().verdict(),
        role,
        "",
        new Value.Text(place),
        administers == Ternary.TRUE
            ? "is a workload that can delete keys or change who uses them, by " + place
            : "is a workload of which only the deployment knows whether it can delete keys, by "
                + place,
        "name the actions on keys that it needs, such as kms:Decrypt and kms:GenerateDataKey");
  }

  private static void key(
      Statement statement, Set<ResourceId> workloads, Inspection inspection, Outcomes.Of outcomes) {
    StatementScope scope = StatementScope.of(statement, inspection);
    Ternary everything = scope.covers("kms:" + Glob.FOREIGN);
    Ternary administers = Ternary.any(ADMINISTRATION, scope::covers);
    if (administers == Ternary.FALSE) {
      outcomes.compliant(statement.resource(), statement.at("Principal"));
      return;
    }
    Ternary holds =
        Ternary.each(
            Principal.of(statement, inspection),
            principal -> {
              boolean workload =
                  principal.isService()
                      || principal
                          .resource()
                          .map(Resource::id)
                          .filter(workloads::contains)
                          .isPresent();
              boolean foreign =
                  principal.isOwnAccount(inspection, statement.resource()) == Ternary.FALSE;
              Ternary account = foreign ? Ternary.FALSE : principal.isAccount();
              return workload ? administers.not() : account.or(everything.not());
            });
    outcomes.say(
        holds.verdict(),
        statement.resource(),
        statement.at("Principal"),
        statement.entry("Principal"),
        holds == Ternary.FALSE
            ? "can do everything with the key and is not the account, or is a workload"
            : "only the deployment knows who can do everything with the key",
        "give kms:* to the root of the account, and to others the actions that they need");
  }
}
