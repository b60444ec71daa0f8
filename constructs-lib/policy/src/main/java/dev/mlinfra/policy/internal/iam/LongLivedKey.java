package dev.mlinfra.policy.internal.iam;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.policy.internal.Statement;
import dev.mlinfra.policy.internal.Statement.Kind;
import dev.mlinfra.policy.internal.Statements;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.ResourceId;
import dev.mlinfra.template.Value;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Nobody works with keys or passwords that stay valid: no access keys, no users with rights. */
final class LongLivedKey implements Rule {
  @Override
  public String id() {
    return "mlinfra::iam.long-lived-key";
  }

  @Override
  public String requirement() {
    return "Credentials end by themselves: there are no access keys and no users with rights.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    for (Resource key : inspection.resources("AWS::IAM::AccessKey")) {
      Value status = inspection.property(key, "Status");
      Verdict inactive = Decide.oneOf(status, "Inactive");
      outcomes.say(
          inactive,
          key,
          "Status",
          status,
          inactive == Verdict.VIOLATED
              ? "is a key that stays valid"
              : "only the deployment knows whether the key is valid",
          "let a pipeline take on a role by OpenID Connect, and a workload by its service");
    }
    Set<ResourceId> withRights = new HashSet<>();
    for (Statement statement : Statements.of(inspection, Kind.IDENTITY)) {
      withRights.addAll(statement.identities());
    }
    for (Resource addition : inspection.resources("AWS::IAM::UserToGroupAddition")) {
      withRights.addAll(addition.property("Users").references(inspection.context(addition)));
    }
    for (Resource user : inspection.resources("AWS::IAM::User")) {
      user(user, withRights.contains(user.id()), inspection, outcomes);
    }
  }

  private static void user(
      Resource user, boolean hasRights, Inspection inspection, Outcomes.Of outcomes) {
    Verdict rights = hasRights ? Verdict.VIOLATED : Verdict.COMPLIANT;
    for (String property : List.of("LoginProfile", "ManagedPolicyArns", "Groups")) {
      Value value = inspection.property(user, property);
      if (!Decide.items(value).isEmpty()) {
        rights = Verdict.VIOLATED;
      }
    }
    outcomes.say(
        rights,
        user,
        "",
        new Value.Missing(),
        "is a user with rights, which takes keys or a password that stay valid",
        "make a role, and let people and pipelines take it on by federation");
  }
}
