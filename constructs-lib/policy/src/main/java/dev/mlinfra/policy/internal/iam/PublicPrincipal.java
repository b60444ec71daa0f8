package dev.mlinfra.policy.internal.iam;

import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.policy.internal.Statement;
import dev.mlinfra.policy.internal.Statement.Kind;
import dev.mlinfra.policy.internal.Statements;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.util.List;
import java.util.Map;

/**
 * Nothing is open to everybody: a principal {@code *} has a condition that names an account, an
 * organisation, a network or a resource.
 *
 * <p>A policy of a VPC endpoint grants nothing, and a search domain in a VPC is reached from there
 * only.
 */
final class PublicPrincipal implements Rule {
  private static final String FIX =
      "name the principals, or add a condition on aws:PrincipalOrgID, aws:SourceAccount,"
          + " aws:SourceArn or aws:SourceVpce";

  /** Permissions of functions and layers, with the properties that bound a principal {@code *}. */
  private static final Map<String, List<String>> PERMISSIONS =
      Map.of(
          "AWS::Lambda::Permission", List.of("PrincipalOrgID", "SourceArn", "SourceAccount"),
          "AWS::Lambda::LayerVersionPermission", List.of("OrganizationId"));

  @Override
  public String id() {
    return "mlinfra::iam.public-principal";
  }

  @Override
  public String requirement() {
    return "No policy lets everybody in without a condition on account, organisation or network.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    for (Statement statement : Statements.of(inspection, Kind.TRUST, Kind.RESOURCE)) {
      if (statement.allow() && !isInside(statement.resource(), inspection)) {
        check(statement, inspection, outcomes);
      }
    }
    PERMISSIONS.forEach(
        (type, bounds) -> {
          for (Resource permission : inspection.resources(type)) {
            permission(permission, bounds, inspection, outcomes);
          }
        });
  }

  private static boolean isInside(Resource resource, Inspection inspection) {
    return switch (resource.type()) {
      case "AWS::EC2::VPCEndpoint" -> true;
      case "AWS::OpenSearchService::Domain" ->
          !inspection.property(resource, "VPCOptions").isMissing();
      default -> false;
    };
  }

  private static void check(Statement statement, Inspection inspection, Outcomes.Of outcomes) {
    Value but = statement.entry("NotPrincipal");
    Value given = but.isMissing() ? statement.entry("Principal") : but;
    String at = statement.at(but.isMissing() ? "Principal" : "NotPrincipal");
    Ternary open =
        but.isMissing()
            ? Ternary.any(Principal.of(statement, inspection), Principal::isEverybody)
            : (but.isSymbolic() ? Ternary.UNKNOWN : Ternary.TRUE);
    Ternary bounded =
        open == Ternary.FALSE
            ? Ternary.TRUE
            : Clause.any(statement, inspection, Guard::ofTheCaller);
    say(outcomes, open.not().or(bounded), statement.resource(), at, given);
  }

  private static void permission(
      Resource permission, List<String> bounds, Inspection inspection, Outcomes.Of outcomes) {
    Value principal = inspection.property(permission, "Principal");
    Ternary open =
        Ternary.any(
            principal.alternatives(),
            value -> Glob.of(value, inspection, permission).matches(Glob.FOREIGN));
    Ternary bounded =
        Ternary.any(
            bounds,
            bound ->
                Ternary.each(
                    inspection.property(permission, bound).alternatives(),
                    value -> Ternary.of(!value.isMissing())));
    say(outcomes, open.not().or(bounded), permission, "Principal", principal);
  }

  private static void say(
      Outcomes.Of outcomes, Ternary holds, Resource resource, String at, Value given) {
    outcomes.say(
        holds.verdict(),
        resource,
        at,
        given,
        holds == Ternary.FALSE
            ? "lets everybody in"
            : "only the deployment knows whether everybody is let in",
        FIX);
  }
}
