package dev.mlinfra.policy.internal.network;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.ResourceId;
import dev.mlinfra.template.Value;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a launch template, a launch configuration or an instance says of a machine.
 *
 * @param groups its security groups
 * @param publicAddress whether it asks for a public address; empty when its subnet decides
 * @param profile its instance profile
 * @param userData what it runs at first
 */
record Machine(List<Value> groups, Optional<Verdict> publicAddress, Value profile, Value userData) {

  /** What the properties of any of them say; they use the same names, but for the groups. */
  static Machine of(Value properties) {
    Value first = properties.at("NetworkInterfaces[0]");
    Value groups =
        List.of(
                first.entry("Groups"),
                first.entry("GroupSet"),
                properties.entry("SecurityGroupIds"),
                properties.entry("SecurityGroups"))
            .stream()
            .filter(it -> !it.isMissing())
            .findFirst()
            .orElseGet(Value.Missing::new);
    Value asked =
        first.isMissing()
            ? properties.entry("AssociatePublicIpAddress")
            : first.entry("AssociatePublicIpAddress");
    Value profile = properties.entry("IamInstanceProfile");
    return new Machine(
        Decide.items(groups),
        asked.isMissing() ? Optional.empty() : Optional.of(Decide.isTrue(asked)),
        profile,
        properties.entry("UserData"));
  }

  /** What the launch template says that a specification ({@code LaunchTemplateId} …) names. */
  static Machine ofTemplate(Inspection inspection, Value specification) {
    return inspection
        .named(specification.entry("LaunchTemplateId"))
        .map(it -> of(inspection.property(it, "LaunchTemplateData")))
        .orElseGet(() -> ofUnknown(specification));
  }

  /** A template that is not of the model can ask for anything; without one nothing is asked for. */
  private static Machine ofUnknown(Value specification) {
    Value groups =
        specification.isMissing() ? specification : new Value.Unknown("a template", specification);
    return new Machine(
        Decide.items(groups),
        specification.isMissing() ? Optional.empty() : Optional.of(Verdict.UNDECIDED),
        new Value.Missing(),
        new Value.Missing());
  }

  /** The roles of the model that its instance profile gives it. */
  Set<ResourceId> roles(Inspection inspection) {
    Set<ResourceId> roles = new LinkedHashSet<>();
    for (Value named : List.of(profile, profile.entry("Arn"), profile.entry("Name"))) {
      Optional<Resource> found = inspection.named(named);
      if (found.isPresent()) {
        Decide.items(inspection.property(found.get(), "Roles")).stream()
            .flatMap(it -> inspection.named(it).stream())
            .forEach(it -> roles.add(it.id()));
      }
    }
    return roles;
  }
}
