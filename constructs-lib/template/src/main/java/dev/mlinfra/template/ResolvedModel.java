package dev.mlinfra.template;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A model with every value evaluated that is known, without the resources that its conditions leave
 * out. Each value is worked out once, when it is first asked for; not for several threads.
 */
public final class ResolvedModel {
  private final Model model;
  private final boolean evenIfLeftOut;
  private final List<Resource> resources = new ArrayList<>();
  private final Map<String, List<Resource>> byType = new LinkedHashMap<>();
  private final Map<String, Context> contexts = new HashMap<>();
  private final Map<ResourceId, Value> resolved = new HashMap<>();

  private ResolvedModel(Model model, boolean evenIfLeftOut) {
    this.model = model;
    this.evenIfLeftOut = evenIfLeftOut;
    for (Resource resource : model.resources()) {
      if (isDeployed(resource)) {
        resources.add(resource);
        byType.computeIfAbsent(resource.type(), type -> new ArrayList<>()).add(resource);
      }
    }
  }

  /** A model without what its conditions certainly leave out. */
  public static ResolvedModel of(Model model) {
    return new ResolvedModel(model, false);
  }

  /** A model with every resource, also those that its conditions leave out as things are. */
  public static ResolvedModel ofEverything(Model model) {
    return new ResolvedModel(model, true);
  }

  private boolean isDeployed(Resource resource) {
    return evenIfLeftOut
        || resource
            .attribute("Condition")
            .asText()
            .flatMap(context(resource)::condition)
            .orElse(true);
  }

  /** The model as it was read. */
  public Model model() {
    return model;
  }

  /** All resources that are deployed, or may be. */
  public List<Resource> resources() {
    return List.copyOf(resources);
  }

  /** The resources of these types that are deployed, or may be, type by type. */
  public List<Resource> resources(String... types) {
    List<Resource> found = new ArrayList<>();
    for (String type : types) {
      found.addAll(byType.getOrDefault(type, List.of()));
    }
    return found;
  }

  /** The resource of an id, if it is deployed. */
  public Optional<Resource> resource(ResourceId id) {
    return model.resource(id).filter(this::isDeployed);
  }

  /** The resource that a value names with {@code Ref} or {@code Fn::GetAtt}, and nothing else. */
  public Optional<Resource> named(Value value) {
    return value instanceof Value.Reference reference
        ? resource(reference.resource())
        : Optional.empty();
  }

  /** What is known while a resource's values are evaluated. */
  public Context context(Resource resource) {
    return contexts.computeIfAbsent(resource.id().stack(), model::contextOf);
  }

  /** All properties of a resource, with everything evaluated that is known. */
  public Value properties(Resource resource) {
    return resolved.computeIfAbsent(
        resource.id(), id -> context(resource).resolve(resource.properties()));
  }

  /** A property, with everything evaluated that is known; {@link Value.Missing} for nothing. */
  public Value property(Resource resource, String path) {
    return properties(resource).at(path);
  }
}
