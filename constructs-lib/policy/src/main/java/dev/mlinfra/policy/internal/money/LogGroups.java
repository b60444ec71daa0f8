package dev.mlinfra.policy.internal.money;

import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Stack;
import dev.mlinfra.template.Value;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** The log groups of a model by name, account and region: a service may write to one of them. */
final class LogGroups {
  private final Inspection inspection;
  private final Set<String> names = new HashSet<>();

  private LogGroups(Inspection inspection) {
    this.inspection = inspection;
    for (Resource group : inspection.resources("AWS::Logs::LogGroup")) {
      names.add(key(group, name(group, "LogGroupName")));
    }
    // The CDK sets the retention of a group that a service has made, and makes it if need be.
    for (Resource custom : inspection.resources("Custom::LogRetention")) {
      if (!inspection.property(custom, "RetentionInDays").isMissing()) {
        names.add(key(custom, name(custom, "LogGroupName")));
      }
    }
  }

  static LogGroups of(Inspection inspection) {
    return inspection.prepared(LogGroups.class, LogGroups::new);
  }

  /** Whether the model makes a group of this name where a resource is. */
  boolean has(String name, Resource beside) {
    return names.contains(key(beside, name));
  }

  /**
   * Whether the model makes the group whose name holds the name of a resource.
   *
   * @param property where the resource has its name
   */
  boolean hasFor(Resource resource, String before, String property, String after) {
    String reference = new Value.Reference(resource.id(), Optional.empty()).toString();
    String name = name(resource, property);
    return has(before + reference + after, resource)
        || (!name.isEmpty() && has(before + name + after, resource));
  }

  /** A name, with what only the deployment knows as a symbol in it. */
  String name(Resource resource, String property) {
    Value value = inspection.property(resource, property);
    return value.isMissing() ? "" : value.resolvedText(inspection.context(resource)).toString();
  }

  private String key(Resource resource, String name) {
    Stack stack = inspection.context(resource).stack();
    return stack.account().orElse("") + "|" + stack.region().orElse("") + "|" + name;
  }
}
