package dev.mlinfra.cost;

import dev.mlinfra.template.Model;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Stack;
import dev.mlinfra.template.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Models in which one thing is another. */
public final class Replaced {
  private Replaced() {}

  /** The model with other properties of one resource of its first stack. */
  public static Model properties(Model model, Resource resource, Value properties) {
    Stack stack = model.stacks().get(0);
    Map<String, Resource> resources = new LinkedHashMap<>(stack.resources());
    resources.put(resource.id().name(), resource.withProperties(properties));
    return new Model(model.kind(), List.of(stack.withResources(resources)), model.gaps());
  }
}
