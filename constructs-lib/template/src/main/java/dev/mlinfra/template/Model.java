package dev.mlinfra.template;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What was synthesised: the one thing that policy, cost and review read.
 *
 * @param kind what it was read from
 * @param stacks its stacks, in the order of the source
 * @param gaps what it does not hold although it will be deployed
 */
public record Model(SourceKind kind, List<Stack> stacks, List<Gap> gaps) {

  public Model {
    stacks = List.copyOf(stacks);
    gaps = List.copyOf(gaps);
    Set<String> ids = new LinkedHashSet<>();
    for (Stack stack : stacks) {
      if (!ids.add(stack.id())) {
        throw new IllegalArgumentException("two stacks have the id " + stack.id());
      }
    }
  }

  /** Whether it is a graph of Pulumi and not a set of templates. */
  public boolean isPulumi() {
    return kind == SourceKind.PULUMI_PREVIEW || kind == SourceKind.PULUMI_STATE;
  }

  /**
   * The name of the environment that a stack belongs to, by the grammar of names: {@code dev} of
   * {@code dev/Data}, and of Pulumi's {@code project/gcp-dev}.
   */
  public String environment(String stack) {
    if (!isPulumi()) {
      return stack.split("/", 2)[0];
    }
    String name = stack.substring(stack.lastIndexOf('/') + 1);
    return name.substring(name.indexOf('-') + 1);
  }

  /** The stack of this id. */
  public Optional<Stack> stack(String id) {
    return stacks.stream().filter(stack -> stack.id().equals(id)).findFirst();
  }

  /** All resources, stack by stack. */
  public List<Resource> resources() {
    return stacks.stream().flatMap(stack -> stack.resources().values().stream()).toList();
  }

  /** All resources of one type. */
  public List<Resource> resources(String type) {
    return resources().stream().filter(resource -> resource.type().equals(type)).toList();
  }

  /** The resource of this id. */
  public Optional<Resource> resource(ResourceId id) {
    return stack(id.stack()).map(stack -> stack.resources().get(id.name()));
  }

  /** All outputs, stack by stack. */
  public List<Output> outputs() {
    return stacks.stream().flatMap(stack -> stack.outputs().values().stream()).toList();
  }

  /** The outputs that other stacks can import. */
  public List<Output> exports() {
    return outputs().stream().filter(output -> output.exportName().isPresent()).toList();
  }

  /** All parameters, stack by stack. */
  public List<Parameter> parameters() {
    return stacks.stream().flatMap(stack -> stack.parameters().values().stream()).toList();
  }

  /**
   * What is known while a stack's values are evaluated.
   *
   * @throws IllegalArgumentException when the model has no such stack
   */
  public Context contextOf(String stack) {
    return new Context(
        this,
        stack(stack).orElseThrow(() -> new IllegalArgumentException("no stack '" + stack + "'")),
        Map.of(),
        true);
  }

  /** What is known while a resource's values are evaluated. */
  public Context contextOf(Resource resource) {
    return contextOf(resource.id().stack());
  }

  /**
   * The resources that this one needs: those that its properties name, across stacks, and those
   * that its attributes name ({@code DependsOn}, Pulumi's dependencies and parent).
   */
  public Set<ResourceId> references(Resource resource) {
    Set<ResourceId> found = new LinkedHashSet<>();
    Context context = contextOf(resource);
    found.addAll(resource.properties().references(context));
    Map<String, Value> naming = new LinkedHashMap<>(resource.attributes());
    naming
        .keySet()
        .retainAll(Set.of("DependsOn", "dependencies", "propertyDependencies", "parent"));
    for (Value value : naming.values()) {
      addNamed(value, context.stack(), found);
    }
    found.remove(resource.id());
    return Set.copyOf(found);
  }

  private static void addNamed(Value value, Stack stack, Set<ResourceId> found) {
    value.asText().map(stack.resources()::get).ifPresent(resource -> found.add(resource.id()));
    for (Value child : value.children()) {
      addNamed(child, stack, found);
    }
  }
}
