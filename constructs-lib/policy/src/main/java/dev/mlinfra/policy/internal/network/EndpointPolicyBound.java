package dev.mlinfra.policy.internal.network;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.policy.internal.Statement;
import dev.mlinfra.policy.internal.Statement.Kind;
import dev.mlinfra.policy.internal.Statements;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A gateway endpoint is no way to carry data into anybody's bucket or table. */
final class EndpointPolicyBound implements Rule {
  private static final String POLICY = "PolicyDocument";
  private static final Set<String> EVERYTHING = Set.of("*", "s3:*", "dynamodb:*");
  private static final String FIX =
      "allow the buckets or tables that are needed, or set a Condition on aws:ResourceAccount";

  @Override
  public String id() {
    return "mlinfra::network.endpoint-policy-bound";
  }

  @Override
  public String requirement() {
    return "The policy of an S3 or DynamoDB gateway endpoint does not allow everything to everyone.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    Map<Resource, Boolean> unbound = new HashMap<>();
    for (Statement statement : Statements.of(inspection, Kind.RESOURCE)) {
      if (statement.resource().type().equals(Reach.ENDPOINT) && allowsAll(statement)) {
        unbound.put(statement.resource(), true);
      }
    }
    for (Reach.Endpoint endpoint : Reach.of(inspection).gateways()) {
      if (endpoint.serves("s3") == Verdict.COMPLIANT
          || endpoint.serves("dynamodb") == Verdict.COMPLIANT) {
        check(endpoint.resource(), unbound, inspection, outcomes);
      }
    }
  }

  private static void check(
      Resource endpoint,
      Map<Resource, Boolean> unbound,
      Inspection inspection,
      Outcomes.Of outcomes) {
    Value policy = inspection.property(endpoint, POLICY);
    if (policy.isMissing()) {
      outcomes.violated(
          endpoint, POLICY, policy, "has no policy, so it lets everything through", FIX);
    } else if (unbound.containsKey(endpoint)) {
      outcomes.violated(endpoint, POLICY, policy, "its policy allows everything to everyone", FIX);
    } else if (policy.at("Statement").isSymbolic()) {
      outcomes.undecided(
          endpoint, POLICY, policy, "its policy is known only when deployed", "write it out");
    } else {
      outcomes.compliant(endpoint, POLICY);
    }
  }

  private static boolean allowsAll(Statement statement) {
    return statement.allow()
        && has(statement.actions(), EVERYTHING)
        && has(statement.resources(), Set.of("*"))
        && Policies.isForEveryone(statement)
        && statement.entry("Condition").isMissing();
  }

  private static boolean has(List<Value> values, Set<String> any) {
    return values.stream().anyMatch(it -> it.asText().filter(any::contains).isPresent());
  }
}
