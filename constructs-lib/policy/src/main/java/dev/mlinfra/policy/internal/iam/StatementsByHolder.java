package dev.mlinfra.policy.internal.iam;

import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Statement;
import dev.mlinfra.policy.internal.Statement.Kind;
import dev.mlinfra.policy.internal.Statements;
import dev.mlinfra.template.Context;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.ResourceId;
import dev.mlinfra.template.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who has which statements, and what bounds them. */
final class StatementsByHolder {
  private final Inspection inspection;
  private final Map<ResourceId, List<StatementScope>> byHolder = new LinkedHashMap<>();
  private final Map<ResourceId, List<StatementScope>> byPolicy = new HashMap<>();
  private final Map<String, Resource> policiesByName = new HashMap<>();

  /**
   * What bounds an identity.
   *
   * @param known whether the boundary is in the model
   * @param scopes its statements
   */
  record Boundary(boolean known, List<StatementScope> scopes) {}

  private StatementsByHolder(Inspection inspection) {
    this.inspection = inspection;
    for (Resource policy : inspection.resources("AWS::IAM::ManagedPolicy")) {
      policy
          .property("ManagedPolicyName")
          .asText()
          .ifPresent(name -> policiesByName.putIfAbsent(name, policy));
    }
    for (Statement statement : Statements.of(inspection, Kind.IDENTITY, Kind.BOUNDARY)) {
      StatementScope scope = StatementScope.of(statement, inspection);
      add(byPolicy, statement.resource().id(), scope);
      if (statement.kind() == Kind.IDENTITY) {
        if (statement.identities().isEmpty()) {
          add(byHolder, statement.resource().id(), scope);
        }
        statement.identities().forEach(identity -> add(byHolder, identity, scope));
      }
    }
    joinGroups();
  }

  static StatementsByHolder of(Inspection inspection) {
    return inspection.prepared(StatementsByHolder.class, StatementsByHolder::new);
  }

  private static void add(
      Map<ResourceId, List<StatementScope>> map, ResourceId id, StatementScope scope) {
    map.computeIfAbsent(id, key -> new ArrayList<>()).add(scope);
  }

  private void joinGroups() {
    for (Resource user : inspection.resources("AWS::IAM::User")) {
      for (ResourceId group : user.property("Groups").references(inspection.context(user))) {
        join(user.id(), group);
      }
    }
    for (Resource addition : inspection.resources("AWS::IAM::UserToGroupAddition")) {
      Context context = inspection.context(addition);
      for (ResourceId group : addition.property("GroupName").references(context)) {
        for (ResourceId user : addition.property("Users").references(context)) {
          join(user, group);
        }
      }
    }
  }

  private void join(ResourceId user, ResourceId group) {
    byHolder.getOrDefault(group, List.of()).forEach(scope -> add(byHolder, user, scope));
  }

  /**
   * The statements by who has them: roles, users, groups, and policies that nobody in the model
   * has.
   */
  Map<ResourceId, List<StatementScope>> byHolder() {
    return byHolder;
  }

  /** What bounds an identity, one for each branch of {@code Fn::If}; empty when nothing does. */
  List<Boundary> boundaries(Resource identity) {
    List<Boundary> found = new ArrayList<>();
    for (Value arn : inspection.property(identity, "PermissionsBoundary").alternatives()) {
      if (arn.isMissing()) {
        return List.of();
      }
      Optional<Resource> policy = inspection.named(arn).or(() -> byName(arn, identity));
      found.add(
          new Boundary(
              policy.isPresent(),
              policy.map(it -> byPolicy.getOrDefault(it.id(), List.of())).orElse(List.of())));
    }
    return found;
  }

  /** Stages cannot refer to each other, so a boundary is often named by its name alone. */
  private Optional<Resource> byName(Value arn, Resource identity) {
    String end = arn.resolvedText(inspection.context(identity)).suffix();
    return Optional.ofNullable(policiesByName.get(end.substring(end.lastIndexOf('/') + 1)));
  }
}
