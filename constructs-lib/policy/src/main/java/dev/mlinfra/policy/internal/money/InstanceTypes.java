package dev.mlinfra.policy.internal.money;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.AcceleratedTypes;
import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Property;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Whether a group of instances can have instances with an accelerator. */
final class InstanceTypes {
  private static final String MIXED = "MixedInstancesPolicy.LaunchTemplate.";

  private final Inspection inspection;
  private final List<Verdict> verdicts = new ArrayList<>();

  private InstanceTypes(Inspection inspection) {
    this.inspection = inspection;
  }

  /** {@link Verdict#COMPLIANT} when it certainly can. */
  static Verdict ofAutoScalingGroup(Resource group, Inspection inspection) {
    InstanceTypes types = new InstanceTypes(inspection);
    Value properties = inspection.properties(group);
    for (Property override : Property.of(properties, MIXED + "Overrides[]")) {
      types.add(override.value());
      types.addTemplate(override.value().entry("LaunchTemplateSpecification"));
    }
    if (types.verdicts.isEmpty()) {
      types.addTemplate(properties.at(MIXED + "LaunchTemplateSpecification"));
      types.addTemplate(properties.entry("LaunchTemplate"));
      types.addTemplate(properties.entry("LaunchConfigurationName"));
    }
    return types.any();
  }

  /** {@link Verdict#COMPLIANT} when it certainly can. */
  static Verdict ofNodegroup(Resource group, Inspection inspection) {
    InstanceTypes types = new InstanceTypes(inspection);
    Value image = inspection.property(group, "AmiType");
    if (Decide.text(image, InstanceTypes::isForAccelerators) == Verdict.COMPLIANT) {
      return Verdict.COMPLIANT;
    }
    for (Value type : Decide.items(inspection.property(group, "InstanceTypes"))) {
      types.verdicts.add(Decide.text(type, AcceleratedTypes::is));
    }
    if (types.verdicts.isEmpty()) {
      types.addTemplate(inspection.property(group, "LaunchTemplate"));
    }
    return types.any();
  }

  private static boolean isForAccelerators(String image) {
    String name = image.toUpperCase(Locale.ROOT);
    return name.endsWith("_GPU") || name.endsWith("_NVIDIA") || name.endsWith("_NEURON");
  }

  private void addTemplate(Value naming) {
    for (Value branch : naming.alternatives()) {
      if (branch.isMissing()) {
        continue;
      }
      List<Resource> templates =
          Stream.of(
                  branch,
                  branch.entry("LaunchTemplateId"),
                  branch.entry("LaunchTemplateName"),
                  branch.entry("Id"),
                  branch.entry("Name"))
              .flatMap(value -> inspection.named(value).stream())
              .toList();
      if (templates.isEmpty()) {
        verdicts.add(Verdict.UNDECIDED);
      }
      for (Resource template : templates) {
        add(inspection.properties(template));
        add(inspection.property(template, "LaunchTemplateData"));
      }
    }
  }

  /** The type that something asks for, or what it requires of types. */
  private void add(Value holder) {
    for (Value type : Decide.items(holder.entry("InstanceType"))) {
      verdicts.add(Decide.text(type, AcceleratedTypes::is));
    }
    for (Value least : Decide.items(holder.at("InstanceRequirements.AcceleratorCount.Min"))) {
      verdicts.add(Decide.number(least, number -> number.signum() > 0));
    }
  }

  private Verdict any() {
    if (verdicts.contains(Verdict.COMPLIANT)) {
      return Verdict.COMPLIANT;
    }
    return verdicts.contains(Verdict.UNDECIDED) ? Verdict.UNDECIDED : Verdict.VIOLATED;
  }
}
