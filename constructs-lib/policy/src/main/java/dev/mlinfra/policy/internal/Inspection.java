package dev.mlinfra.policy.internal;

import dev.mlinfra.core.Pattern;
import dev.mlinfra.template.Context;
import dev.mlinfra.template.Model;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.ResourceId;
import dev.mlinfra.template.SourceKind;
import dev.mlinfra.template.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** A model made ready for rules: what several of them look at is worked out once. */
public final class Inspection {
  private final Model model;
  private final Map<String, Pattern> patterns;
  private final boolean evenIfLeftOut;
  private final List<Resource> resources = new ArrayList<>();
  private final Map<String, List<Resource>> byType = new LinkedHashMap<>();
  private final Map<String, Context> contexts = new HashMap<>();
  private final Map<ResourceId, Value> resolved = new HashMap<>();
  private final Map<Class<?>, Object> prepared = new HashMap<>();

  public Inspection(Model model, Map<String, Pattern> patterns) {
    this(model, patterns, false);
  }

  private Inspection(Model model, Map<String, Pattern> patterns, boolean evenIfLeftOut) {
    this.model = model;
    this.patterns = Map.copyOf(patterns);
    this.evenIfLeftOut = evenIfLeftOut;
    for (Resource resource : model.resources()) {
      if (isDeployed(resource)) {
        resources.add(resource);
        byType.computeIfAbsent(resource.type(), type -> new ArrayList<>()).add(resource);
      }
    }
  }

  /** A model with every resource, also those that its conditions leave out as things are. */
  public static Inspection ofEverything(Model model) {
    return new Inspection(model, Map.of(), true);
  }

  private boolean isDeployed(Resource resource) {
    return evenIfLeftOut
        || resource
            .attribute("Condition")
            .asText()
            .flatMap(context(resource)::condition)
            .orElse(true);
  }

  public Model model() {
    return model;
  }

  /** Whether the model is a graph of Pulumi and not a set of templates. */
  public boolean isPulumi() {
    return model.kind() == SourceKind.PULUMI_PREVIEW || model.kind() == SourceKind.PULUMI_STATE;
  }

  /** All resources that are deployed, or may be. */
  public List<Resource> resources() {
    return List.copyOf(resources);
  }

  /** The resources of these types that are deployed, or may be. */
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

  /** How the environment is used that the resource belongs to. */
  public Pattern pattern(Resource resource) {
    String stack = resource.id().stack();
    if (!isPulumi()) {
      int slash = stack.indexOf('/');
      return patterns.getOrDefault(slash < 0 ? stack : stack.substring(0, slash), Pattern.BATCH);
    }
    // project/target-environment
    String name = stack.substring(stack.lastIndexOf('/') + 1);
    String environment = name.substring(name.indexOf('-') + 1);
    return patterns.getOrDefault(name, patterns.getOrDefault(environment, Pattern.BATCH));
  }

  /**
   * What several rules need and is dear to work out, such as all statements of all policies: made
   * when first asked for.
   *
   * @param type its class, which is its key
   */
  public <T> T prepared(Class<T> type, Function<Inspection, T> make) {
    Object known = prepared.get(type);
    if (known == null) {
      known = make.apply(this);
      prepared.put(type, known);
    }
    return type.cast(known);
  }
}
