package dev.mlinfra.policy.internal;

import dev.mlinfra.core.Pattern;
import dev.mlinfra.template.Context;
import dev.mlinfra.template.Model;
import dev.mlinfra.template.ResolvedModel;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.ResourceId;
import dev.mlinfra.template.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** A model made ready for rules: what several of them look at is worked out once. */
public final class Inspection {
  private final ResolvedModel resolved;
  private final Map<String, Pattern> patterns;
  private final Map<Class<?>, Object> prepared = new HashMap<>();

  public Inspection(Model model, Map<String, Pattern> patterns) {
    this(ResolvedModel.of(model), patterns);
  }

  private Inspection(ResolvedModel resolved, Map<String, Pattern> patterns) {
    this.resolved = resolved;
    this.patterns = Map.copyOf(patterns);
  }

  /** A model with every resource, also those that its conditions leave out as things are. */
  public static Inspection ofEverything(Model model) {
    return new Inspection(ResolvedModel.ofEverything(model), Map.of());
  }

  public Model model() {
    return resolved.model();
  }

  /** Whether the model is a graph of Pulumi and not a set of templates. */
  public boolean isPulumi() {
    return model().isPulumi();
  }

  /** All resources that are deployed, or may be. */
  public List<Resource> resources() {
    return resolved.resources();
  }

  /** The resources of these types that are deployed, or may be. */
  public List<Resource> resources(String... types) {
    return resolved.resources(types);
  }

  /** The resource of an id, if it is deployed. */
  public Optional<Resource> resource(ResourceId id) {
    return resolved.resource(id);
  }

  /** The resource that a value names with {@code Ref} or {@code Fn::GetAtt}, and nothing else. */
  public Optional<Resource> named(Value value) {
    return resolved.named(value);
  }

  public Context context(Resource resource) {
    return resolved.context(resource);
  }

  /** All properties of a resource, with everything evaluated that is known. */
  public Value properties(Resource resource) {
    return resolved.properties(resource);
  }

  /** A property, with everything evaluated that is known; {@link Value.Missing} for nothing. */
  public Value property(Resource resource, String path) {
    return resolved.property(resource, path);
  }

  /** How the environment is used that the resource belongs to. */
  public Pattern pattern(Resource resource) {
    String stack = resource.id().stack();
    String name = stack.substring(stack.lastIndexOf('/') + 1);
    String environment = model().environment(stack);
    return isPulumi()
        ? patterns.getOrDefault(name, patterns.getOrDefault(environment, Pattern.BATCH))
        : patterns.getOrDefault(environment, Pattern.BATCH);
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
