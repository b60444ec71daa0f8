package dev.mlinfra.policy.internal.clouds;

import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every grant of Google Cloud in a graph: of members, bindings and whole policies. */
final class Grants {
  private static final Pattern TYPE =
      Pattern.compile("gcp:.*:[A-Za-z0-9]*(?:IAM|Iam)(Member|Binding|Policy)");

  private final List<Grant> all = new ArrayList<>();

  private Grants(Inspection inspection) {
    CloudResources.byType(inspection)
        .forEach(
            (type, resources) -> {
              if (TYPE.matcher(type).matches()) {
                resources.forEach(resource -> read(inspection, resource));
              }
            });
  }

  static List<Grant> of(Inspection inspection) {
    return List.copyOf(inspection.prepared(Grants.class, Grants::new).all);
  }

  private void read(Inspection inspection, Resource resource) {
    if (resource.type().endsWith("Policy")) {
      policy(resource, inspection.property(resource, "policyData"));
      return;
    }
    String members = resource.type().endsWith("Member") ? "member" : "members";
    all.add(
        new Grant(
            resource,
            "role",
            inspection.property(resource, "role"),
            members,
            Decide.items(inspection.property(resource, members))));
  }

  /** A policy is a text of JSON; of one that is not known, or is none, nothing can be said. */
  private void policy(Resource resource, Value data) {
    Optional<JsonNode> policy = data.asText().flatMap(Grants::json);
    if (policy.isEmpty()) {
      Value unknown = new Value.Unknown("a policy", data);
      all.add(new Grant(resource, "policyData", unknown, "policyData", List.of(unknown)));
      return;
    }
    for (JsonNode binding : policy.get().path("bindings")) {
      List<Value> members = new ArrayList<>();
      for (JsonNode member : binding.path("members")) {
        members.add(new Value.Text(member.asString("")));
      }
      Value role = new Value.Text(binding.path("role").asString(""));
      all.add(new Grant(resource, "policyData", role, "policyData", members));
    }
  }

  private static Optional<JsonNode> json(String text) {
    try {
      return Optional.of(JsonMapper.shared().readTree(text));
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }
}
