package dev.mlinfra.policy;

import dev.mlinfra.template.Model;
import dev.mlinfra.template.Models;
import dev.mlinfra.template.Output;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.ResourceId;
import dev.mlinfra.template.SourceKind;
import dev.mlinfra.template.Stack;
import dev.mlinfra.template.Value;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Changes models and values; everything else of them stays. */
final class Edits {
  private static final Value.Missing NOTHING = new Value.Missing();

  /** A step of a path: every item of a list, or the one map that stands there instead of a list. */
  private static final String EACH = "*";

  private Edits() {}

  /**
   * A value inside another one.
   *
   * @param steps keys and indexes that lead to it
   * @param value what stands there; {@code Missing} when only the last key is missing
   */
  record Place(List<Object> steps, Value value) {
    /** The path as people write it. */
    String path() {
      StringBuilder path = new StringBuilder();
      for (Object step : steps) {
        if (step instanceof Integer) {
          path.append('[').append(step).append(']');
        } else {
          path.append(path.isEmpty() ? "" : ".").append(step);
        }
      }
      return path.toString();
    }
  }

  /**
   * The places of a path such as <code>Policies/&#42;/PolicyDocument/Statement/&#42;/Action</code>;
   * a star is every item of a list, <code>&#42;{Effect=Allow}</code> every one with that value. The
   * last key need not be there.
   */
  static List<Place> places(Value root, String path) {
    List<Place> places = List.of(new Place(List.of(), root));
    for (String step : path.isEmpty() ? new String[0] : path.split("/", -1)) {
      places = places.stream().flatMap(place -> inside(place, step).stream()).toList();
    }
    return places;
  }

  private static List<Place> inside(Place place, String step) {
    if (step.startsWith(EACH + "{")) {
      String[] wanted = step.substring(2, step.length() - 1).split("=", 2);
      return inside(place, EACH).stream()
          .filter(it -> it.value().entry(wanted[0]).equals(text(wanted[1])))
          .toList();
    }
    if (step.equals(EACH)) {
      if (place.value() instanceof Value.Mapping) {
        return List.of(place);
      }
      List<Value> items = place.value().asList();
      List<Place> inside = new ArrayList<>();
      for (int i = 0; i < items.size(); i++) {
        inside.add(new Place(plus(place.steps(), i), items.get(i)));
      }
      return inside;
    }
    return place.value() instanceof Value.Mapping
        ? List.of(new Place(plus(place.steps(), step), place.value().entry(step)))
        : List.of();
  }

  private static List<Object> plus(List<Object> steps, Object step) {
    List<Object> longer = new ArrayList<>(steps);
    longer.add(step);
    return List.copyOf(longer);
  }

  /** Every value inside a value, itself first; symbols are not entered. */
  static List<Place> everything(Value root) {
    List<Place> found = new ArrayList<>();
    collect(new Place(List.of(), root), found);
    return found;
  }

  private static void collect(Place place, List<Place> found) {
    found.add(place);
    place
        .value()
        .asMap()
        .forEach((key, value) -> collect(new Place(plus(place.steps(), key), value), found));
    List<Value> items = place.value().asList();
    for (int i = 0; i < items.size(); i++) {
      collect(new Place(plus(place.steps(), i), items.get(i)), found);
    }
  }

  /** The same with another value at a place; {@code Missing} takes away what stands there. */
  static Value with(Value root, List<Object> steps, Value value) {
    if (steps.isEmpty()) {
      return value;
    }
    Object step = steps.get(0);
    List<Object> rest = steps.subList(1, steps.size());
    if (step instanceof Integer index) {
      List<Value> items = new ArrayList<>(root.asList());
      Value changed = with(items.get(index), rest, value);
      if (changed.isMissing()) {
        items.remove((int) index);
      } else {
        items.set(index, changed);
      }
      return new Value.Sequence(items);
    }
    Map<String, Value> entries = new LinkedHashMap<>(root.asMap());
    String key = (String) step;
    Value changed = with(entries.getOrDefault(key, NOTHING), rest, value);
    if (changed.isMissing()) {
      entries.remove(key);
    } else {
      entries.put(key, changed);
    }
    return new Value.Mapping(entries);
  }

  /** The same with another value at a path of keys such as {@code Condition/StringEquals}. */
  static Value with(Value root, String path, Value value) {
    return with(root, List.<Object>of((Object[]) path.split("/", -1)), value);
  }

  /** The same without what stands at a path of keys; the same when nothing does. */
  static Value without(Value root, String path) {
    boolean there = places(root, path).stream().anyMatch(place -> !place.value().isMissing());
    return there ? with(root, path, NOTHING) : root;
  }

  /** The same list with one more value; a list of it alone when there was none. */
  static Value plus(Value list, Value item) {
    List<Value> items = new ArrayList<>(list.asList());
    items.add(item);
    return new Value.Sequence(items);
  }

  /** The same list without the items that a test finds. */
  static Value without(Value list, Predicate<Value> test) {
    return list instanceof Value.Sequence
        ? new Value.Sequence(list.asList().stream().filter(test.negate()).toList())
        : list;
  }

  static Value text(String text) {
    return new Value.Text(text);
  }

  static Value number(int number) {
    return new Value.Num(BigDecimal.valueOf(number));
  }

  static Value bool(boolean truth) {
    return new Value.Bool(truth);
  }

  static Value list(Value... items) {
    return new Value.Sequence(List.of(items));
  }

  static Value map(String key, Value value) {
    return new Value.Mapping(Map.of(key, value));
  }

  /** A value from a line of JSON, with single quotes. */
  static Value json(String json) {
    String template = "{'Resources': {'R': {'Type': 'T', 'Properties': {'it': " + json + "}}}}";
    return Models.parse("value.json", template.replace('\'', '"'))
        .resources()
        .get(0)
        .property("it");
  }

  static boolean isPulumi(Model model) {
    return model.kind() == SourceKind.PULUMI_STATE || model.kind() == SourceKind.PULUMI_PREVIEW;
  }

  /** The same resource with other properties. */
  static Resource with(Resource resource, Value properties) {
    return new Resource(
        resource.id(),
        resource.type(),
        properties,
        resource.attributes(),
        resource.constructPath(),
        resource.sourceTrace(),
        resource.position());
  }

  /** The same resource under another id. */
  static Resource with(Resource resource, ResourceId id) {
    return new Resource(
        id,
        resource.type(),
        resource.properties(),
        resource.attributes(),
        resource.constructPath(),
        resource.sourceTrace(),
        resource.position());
  }

  /** The same resource of another type. */
  static Resource withType(Resource resource, String type) {
    return new Resource(
        resource.id(),
        type,
        resource.properties(),
        resource.attributes(),
        resource.constructPath(),
        resource.sourceTrace(),
        resource.position());
  }

  /** The same resource with another attribute; {@code Missing} takes it away. */
  static Resource withAttribute(Resource resource, String name, Value value) {
    Map<String, Value> attributes = new LinkedHashMap<>(resource.attributes());
    if (value.isMissing()) {
      attributes.remove(name);
    } else {
      attributes.put(name, value);
    }
    return new Resource(
        resource.id(),
        resource.type(),
        resource.properties(),
        attributes,
        resource.constructPath(),
        resource.sourceTrace(),
        resource.position());
  }

  /** The same model with a resource changed. */
  static Model with(Model model, Resource changed) {
    return resources(
        model,
        changed.id(),
        resources -> {
          resources.put(changed.id().name(), changed);
          return resources;
        });
  }

  /** The same model without a resource. */
  static Model without(Model model, ResourceId id) {
    return resources(
        model,
        id,
        resources -> {
          resources.remove(id.name());
          return resources;
        });
  }

  /** The same model with one more output in a stack. */
  static Model with(Model model, Output output) {
    return stack(
        model,
        output.stack(),
        stack -> {
          Map<String, Output> outputs = new LinkedHashMap<>(stack.outputs());
          outputs.put(output.name(), output);
          return copy(stack, stack.resources(), outputs);
        });
  }

  /**
   * A template as all that a program deploys into one account; a graph of Pulumi is that already.
   */
  static Model whole(Model model) {
    return isPulumi(model) ? model : joined(Map.of(model.stacks().get(0).id(), model));
  }

  /** The models of one stack each as one of all that is deployed; a stack is called as its key. */
  static Model joined(Map<String, Model> models) {
    List<Stack> stacks = new ArrayList<>();
    models.forEach((id, model) -> stacks.add(renamed(model.stacks().get(0), id)));
    return new Model(
        SourceKind.ASSEMBLY,
        stacks,
        models.values().stream().flatMap(model -> model.gaps().stream()).toList());
  }

  private static Stack renamed(Stack stack, String id) {
    Map<String, Resource> resources = new LinkedHashMap<>();
    stack
        .resources()
        .forEach((name, resource) -> resources.put(name, with(resource, new ResourceId(id, name))));
    Map<String, Output> outputs = new LinkedHashMap<>();
    stack
        .outputs()
        .forEach(
            (name, output) ->
                outputs.put(name, new Output(id, name, output.value(), output.exportName())));
    return new Stack(
        id,
        stack.name(),
        Optional.of("123456789012"),
        Optional.of("us-east-1"),
        stack.nestedIn(),
        stack.file(),
        stack.transforms(),
        stack.parameters(),
        stack.mappings(),
        stack.conditions(),
        resources,
        outputs);
  }

  private static Model resources(
      Model model, ResourceId id, UnaryOperator<Map<String, Resource>> change) {
    return stack(
        model,
        id.stack(),
        stack ->
            copy(stack, change.apply(new LinkedHashMap<>(stack.resources())), stack.outputs()));
  }

  private static Model stack(Model model, String id, UnaryOperator<Stack> change) {
    return new Model(
        model.kind(),
        model.stacks().stream()
            .map(stack -> stack.id().equals(id) ? change.apply(stack) : stack)
            .toList(),
        model.gaps());
  }

  private static Stack copy(
      Stack stack, Map<String, Resource> resources, Map<String, Output> outputs) {
    return new Stack(
        stack.id(),
        stack.name(),
        stack.account(),
        stack.region(),
        stack.nestedIn(),
        stack.file(),
        stack.transforms(),
        stack.parameters(),
        stack.mappings(),
        stack.conditions(),
        resources,
        outputs);
  }
}
