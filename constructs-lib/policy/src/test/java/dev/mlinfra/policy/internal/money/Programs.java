package dev.mlinfra.policy.internal.money;

import dev.mlinfra.template.Model;
import dev.mlinfra.template.Models;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.ResourceId;
import dev.mlinfra.template.SourceKind;
import dev.mlinfra.template.Stack;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Programs of several stacks, as a cloud assembly holds them. */
final class Programs {
  private Programs() {}

  static Model of(Stack... stacks) {
    return new Model(SourceKind.ASSEMBLY, List.of(stacks), List.of());
  }

  /** A stack of an account, with resources in one line of YAML each. */
  static Stack stack(String id, String account, String... resources) {
    Map<String, Resource> moved = new LinkedHashMap<>();
    Models.parse("t", "Resources: {" + String.join(", ", resources) + "}")
        .resources()
        .forEach(it -> moved.put(it.id().name(), in(id, it)));
    return new Stack(
        id,
        Optional.empty(),
        Optional.of(account),
        Optional.of("eu-west-1"),
        Optional.empty(),
        id,
        List.of(),
        Map.of(),
        Map.of(),
        Map.of(),
        moved,
        Map.of());
  }

  private static Resource in(String stack, Resource resource) {
    return new Resource(
        new ResourceId(stack, resource.id().name()),
        resource.type(),
        resource.properties(),
        resource.attributes(),
        resource.constructPath(),
        resource.sourceTrace(),
        resource.position());
  }
}
