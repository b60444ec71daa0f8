package dev.mlinfra.policy.internal.iam;

import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.policy.internal.Statement;
import dev.mlinfra.policy.internal.Statement.Kind;
import dev.mlinfra.policy.internal.Statements;
import dev.mlinfra.policy.internal.iam.ServiceTrust.Sends;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A service acts for the own account only, where it says for whom it acts: without that, somebody
 * else can make it use this role or resource.
 *
 * <p>Of a service that the table does not know it is undecided whether the condition would lock it
 * out.
 */
final class ConfusedDeputy implements Rule {
  private static final String FIX = "add StringEquals aws:SourceAccount with the own account";

  @Override
  public String id() {
    return "mlinfra::iam.confused-deputy";
  }

  @Override
  public String requirement() {
    return "A service that says for whom it acts is trusted for the own account only.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    for (Statement statement : Statements.of(inspection, Kind.TRUST, Kind.RESOURCE)) {
      List<Principal> services =
          Principal.of(statement, inspection).stream().filter(Principal::isService).toList();
      if (statement.allow() && !services.isEmpty()) {
        check(statement, services, inspection, outcomes);
      }
    }
    for (Resource permission : inspection.resources("AWS::Lambda::Permission")) {
      permission(permission, inspection, outcomes);
    }
  }

  private static void check(
      Statement statement, List<Principal> services, Inspection inspection, Outcomes.Of outcomes) {
    Ternary guarded = Clause.any(statement, inspection, Guard::ofTheSource);
    boolean role = statement.kind() == Kind.TRUST;
    Sends most =
        ServiceTrust.most(
            services.stream()
                .map(service -> ServiceTrust.sends(Principal.service(service.name()), role))
                .toList());
    String names =
        services.stream()
            .map(service -> service.name().toString())
            .collect(Collectors.joining(", "));
    say(
        outcomes,
        guarded,
        most,
        statement.resource(),
        statement.at("Condition"),
        statement.entry("Condition"),
        names);
  }

  private static void permission(Resource permission, Inspection inspection, Outcomes.Of outcomes) {
    for (Value principal : inspection.property(permission, "Principal").alternatives()) {
      Glob name = Glob.of(principal, inspection, permission);
      String service = Principal.service(name);
      if (!service.endsWith(".amazonaws.com")) {
        continue;
      }
      Ternary guarded = Ternary.FALSE;
      for (String property : List.of("SourceAccount", "SourceArn", "EventSourceToken")) {
        guarded =
            guarded.or(
                Ternary.each(
                    inspection.property(permission, property).alternatives(),
                    value -> isGuard(value, property, inspection, permission)));
      }
      say(
          outcomes,
          guarded,
          ServiceTrust.sends(service, false),
          permission,
          "",
          principal,
          name.toString());
    }
  }

  private static Ternary isGuard(
      Value value, String property, Inspection inspection, Resource permission) {
    if (value.isMissing()) {
      return Ternary.FALSE;
    }
    if (property.equals("EventSourceToken")) {
      return Ternary.TRUE;
    }
    return Guard.ofTheSource(
        new Clause(
            "stringlike",
            false,
            "aws:" + property.toLowerCase(Locale.ROOT),
            List.of(Glob.of(value, inspection, permission))));
  }

  private static void say(
      Outcomes.Of outcomes,
      Ternary guarded,
      Sends sends,
      Resource resource,
      String at,
      Value given,
      String services) {
    if (guarded == Ternary.TRUE || sends == Sends.NOTHING) {
      outcomes.compliant(resource, at);
    } else if (sends == Sends.UNKNOWN) {
      outcomes.undecided(
          resource,
          at,
          given,
          "nothing tells " + services + " for whom to act, and whether it says so is not known",
          FIX + " if the service documents that it sends it");
    } else {
      outcomes.say(
          guarded.verdict(),
          resource,
          at,
          given,
          guarded == Ternary.FALSE
              ? "lets " + services + " act for any account"
              : "only the deployment knows for which account " + services + " may act",
          FIX);
    }
  }
}
