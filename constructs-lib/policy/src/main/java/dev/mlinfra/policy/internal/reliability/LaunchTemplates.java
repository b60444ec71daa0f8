package dev.mlinfra.policy.internal.reliability;

import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The launch templates of a model, by what names them. */
final class LaunchTemplates {
  static final String TYPE = "AWS::EC2::LaunchTemplate";

  /** EKS names a template in other words than everyone else. */
  private static final List<String> NAMING =
      List.of("LaunchTemplateId", "LaunchTemplateName", "Id", "Name");

  private final Inspection inspection;
  private final Map<String, Resource> byName = new HashMap<>();

  private LaunchTemplates(Inspection inspection) {
    this.inspection = inspection;
    for (Resource template : inspection.resources(TYPE)) {
      inspection
          .property(template, "LaunchTemplateName")
          .asText()
          .ifPresent(name -> byName.put(name, template));
    }
  }

  static LaunchTemplates of(Inspection inspection) {
    return inspection.prepared(LaunchTemplates.class, LaunchTemplates::new);
  }

  /** The template that a specification ({@code LaunchTemplateId}, {@code Version} …) means. */
  Optional<Resource> meant(Value specification) {
    for (String key : NAMING) {
      Value name = specification.entry(key);
      Optional<Resource> template =
          inspection
              .named(name)
              .filter(it -> it.type().equals(TYPE))
              .or(() -> name.asText().map(byName::get));
      if (template.isPresent()) {
        return template;
      }
    }
    return Optional.empty();
  }

  /** What the template of a specification sets; {@code Unknown} when it stands elsewhere. */
  Value data(Value specification) {
    return meant(specification)
        .map(template -> inspection.property(template, "LaunchTemplateData"))
        .orElseGet(() -> new Value.Unknown("a launch template that is not here", specification));
  }
}
