package dev.mlinfra.policy;

import dev.mlinfra.policy.Edits.Place;
import dev.mlinfra.template.Model;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * One way in which a good template goes wrong.
 *
 * @param name what is done, such as {@code action: everything}
 * @param rules ids of rules without their prefix; one of them at least must say so
 * @param mutants finds every place where it can be done, and does it there
 */
record Fault(String name, Set<String> rules, Function<Model, List<Mutant>> mutants) {

  /**
   * A model with the fault in one place.
   *
   * @param site the place
   * @param model the model with the fault
   */
  record Mutant(String site, Model model) {}

  /** Where a fault is made; see {@link #of}. */
  static final class Builder {
    private final String name;
    private final Set<String> rules;

    private Builder(String name, Set<String> rules) {
      this.name = name;
      this.rules = rules;
    }

    /** Finds the places by itself. */
    Fault by(Function<Model, List<Mutant>> mutants) {
      return new Fault(name, rules, mutants);
    }

    /** Leaves one resource out at a time. */
    Fault without(String... types) {
      return by(
          model ->
              having(model, types)
                  .map(it -> new Mutant(name(it), Edits.without(model, it.id())))
                  .toList());
    }

    /** Changes one resource at a time; one that comes back as it was is no site. */
    Fault changing(UnaryOperator<Resource> change, String... types) {
      return by(
          model ->
              having(model, types)
                  .filter(it -> !change.apply(it).equals(it))
                  .map(it -> new Mutant(name(it), Edits.with(model, change.apply(it))))
                  .toList());
    }

    /** Makes the fault inside of resources of these types; of all without types. */
    Places in(String... types) {
      Set<String> wanted = Set.of(types);
      return in(
          resource ->
              wanted.isEmpty() || wanted.contains(resource.type())
                  ? Optional.of("")
                  : Optional.empty());
    }

    /**
     * Makes the fault inside of some resources.
     *
     * @param start the path from where on; empty when the resource is not meant
     */
    Places in(Function<Resource, Optional<String>> start) {
      return new Places(this, start);
    }
  }

  /** Where in resources a fault is made; see {@link Edits#places} for paths. */
  static final class Places {
    private final Builder builder;
    private final Function<Resource, Optional<String>> start;

    private Places(Builder builder, Function<Resource, Optional<String>> start) {
      this.builder = builder;
      this.start = start;
    }

    /** Puts other values at a path, one at a time; one that is the same is no site. */
    Fault at(String path, Function<Value, List<Value>> changes) {
      return builder.by(
          model ->
              model.resources().stream()
                  .flatMap(
                      resource ->
                          start
                              .apply(resource)
                              .map(
                                  it ->
                                      it.isEmpty() || path.isEmpty() ? it + path : it + "/" + path)
                              .map(it -> Edits.places(resource.properties(), it))
                              .orElse(List.of())
                              .stream()
                              .flatMap(place -> mutants(model, resource, place, changes).stream()))
                  .toList());
    }

    /** Puts another value at a path; one that is the same is no site. */
    Fault to(String path, UnaryOperator<Value> change) {
      return at(path, value -> List.of(change.apply(value)));
    }

    /** Takes away what stands at a path. */
    Fault without(String path) {
      return to(path, value -> new Value.Missing());
    }

    /** Puts another value at a path where something stands. */
    Fault instead(String path, Value value) {
      return to(path, old -> old.isMissing() ? old : value);
    }

    /** Puts a value at a path, whether something stands there or not. */
    Fault set(String path, Value value) {
      return to(path, old -> value);
    }

    /** Puts one more value at the end of a list, which is made where it is missing. */
    Fault plus(String path, Value item) {
      return to(path, old -> old.isSymbolic() ? old : Edits.plus(old, item));
    }

    private static List<Mutant> mutants(
        Model model, Resource resource, Place place, Function<Value, List<Value>> changes) {
      List<Mutant> mutants = new ArrayList<>();
      for (Value changed : changes.apply(place.value())) {
        if (!changed.equals(place.value())) {
          Value properties = Edits.with(resource.properties(), place.steps(), changed);
          String variant = mutants.isEmpty() ? "" : " #" + (mutants.size() + 1);
          mutants.add(
              new Mutant(
                  (name(resource) + " " + place.path()).strip() + variant,
                  Edits.with(model, Edits.with(resource, properties))));
        }
      }
      return mutants;
    }
  }

  /** A logical id, or the last part of a URN. */
  private static String name(Resource resource) {
    String name = resource.id().name();
    return name.substring(name.lastIndexOf(':') + 1);
  }

  /** Begins a fault. */
  static Builder of(String name, String... rules) {
    return new Builder(name, Set.of(rules));
  }

  /** The resources of some types; all without types. */
  static Stream<Resource> having(Model model, String... types) {
    Set<String> wanted = Set.of(types);
    return model.resources().stream()
        .filter(resource -> wanted.isEmpty() || wanted.contains(resource.type()));
  }
}
