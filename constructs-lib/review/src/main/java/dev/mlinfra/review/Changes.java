package dev.mlinfra.review;

import dev.mlinfra.policy.StatefulResources;
import dev.mlinfra.review.Matching.How;
import dev.mlinfra.review.Matching.Pair;
import dev.mlinfra.review.ReplacedBy.Answer;
import dev.mlinfra.review.ResourceChange.Kind;
import dev.mlinfra.template.Context;
import dev.mlinfra.template.Model;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.ResourceId;
import dev.mlinfra.template.SourceKind;
import dev.mlinfra.template.Value;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Works out what happens to each resource. */
final class Changes {
  /** What stands beside the properties and says something of what is deployed. */
  private static final List<String> ATTRIBUTES =
      List.of(
          "DeletionPolicy",
          "UpdateReplacePolicy",
          "CreationPolicy",
          "UpdatePolicy",
          "Condition",
          "protect",
          "retainOnDelete",
          "deletedWith",
          "ignoreChanges",
          "replaceOnChanges");

  /** What Pulumi's providers note for themselves. */
  private static final String DEFAULTS = "__defaults";

  private final Sides sides;
  private final Canonical ofBase;
  private final Canonical ofHead = new Canonical(Map.of());
  private final Map<ResourceId, ResourceChange> byHead = new HashMap<>();
  private final List<Resource> code = new ArrayList<>();
  private final Set<String> assets = new LinkedHashSet<>();

  private Changes(Sides sides) {
    this.sides = sides;
    this.ofBase = sides.canonicalOfBase();
  }

  static Comparison of(Sides sides) {
    return new Changes(sides).comparison();
  }

  private Comparison comparison() {
    Map<ResourceId, Pair> pairs = new HashMap<>();
    sides.matching().pairs().forEach(pair -> pairs.put(pair.head().id(), pair));
    for (Resource resource : sides.head().resources()) {
      Pair pair = pairs.get(resource.id());
      if (pair != null) {
        change(pair).ifPresent(change -> byHead.put(resource.id(), change));
      } else if (sides.matching().added().contains(resource)) {
        byHead.put(resource.id(), alone(Kind.ADDED, Optional.empty(), Optional.of(resource)));
      }
    }
    spread(pairs);
    List<ResourceChange> changes = new ArrayList<>();
    for (Resource resource : sides.head().resources()) {
      Optional.ofNullable(byHead.get(resource.id())).ifPresent(changes::add);
    }
    sides
        .matching()
        .removed()
        .forEach(it -> changes.add(alone(Kind.REMOVED, Optional.of(it), Optional.empty())));
    return new Comparison(changes, code, assets.size());
  }

  private static ResourceChange alone(Kind kind, Optional<Resource> base, Optional<Resource> head) {
    return new ResourceChange(kind, base, head, List.of(), List.of(), List.of());
  }

  private Optional<ResourceChange> change(Pair pair) {
    Resource base = pair.base();
    Resource head = pair.head();
    List<Difference> differences = differences(base, head);
    if (pair.how() != How.SAME) {
      Kind kind = pair.how() == How.RENAMED ? Kind.RENAMED : Kind.MOVED;
      return Optional.of(
          new ResourceChange(
              kind, Optional.of(base), Optional.of(head), differences, List.of(), List.of()));
    }
    List<String> replacedBy = new ArrayList<>();
    List<String> perhaps = new ArrayList<>();
    if (sides.head().model().isPulumi()) {
      pulumi(base, head, differences, replacedBy, perhaps);
    } else {
      ReplacedBy known = ReplacedBy.of(head.type());
      for (Difference difference : differences) {
        Answer answer = known.answer(difference.path());
        if (answer == Answer.REPLACED) {
          replacedBy.add(difference.path());
        } else if (answer == Answer.PERHAPS) {
          perhaps.add(difference.path());
        }
      }
    }
    if (differences.isEmpty() && replacedBy.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new ResourceChange(
            replacedBy.isEmpty() ? Kind.UPDATED : Kind.REPLACED,
            Optional.of(base),
            Optional.of(head),
            differences,
            replacedBy,
            replacedBy.isEmpty() ? perhaps : List.of()));
  }

  /** What the engine says in a preview; of two states nobody says it. */
  private void pulumi(
      Resource base,
      Resource head,
      List<Difference> differences,
      List<String> replacedBy,
      List<String> perhaps) {
    if (isReplaced(head) && !(isReplaced(base) && differences.isEmpty())) {
      for (Value reason : head.attribute("replaceReasons").asList()) {
        reason.asText().ifPresent(replacedBy::add);
      }
      head.attribute("detailedDiff")
          .asMap()
          .forEach(
              (path, detail) -> {
                if (detail.entry("kind").asText().orElse("").endsWith("-replace")
                    && !replacedBy.contains(path)) {
                  replacedBy.add(path);
                }
              });
      if (replacedBy.isEmpty()) {
        replacedBy.add("the preview says so");
      }
    } else if (sides.head().model().kind() == SourceKind.PULUMI_STATE
        && StatefulResources.heldBy(head).isPresent()) {
      differences.forEach(difference -> perhaps.add(difference.path()));
    }
  }

  private static boolean isReplaced(Resource resource) {
    return resource.attribute("op").asText().orElse("").contains("replace");
  }

  private List<Difference> differences(Resource base, Resource head) {
    if (head.attribute("op").asText().orElse("").equals("same")
        && !isPreview(sides.base().model())) {
      return List.of();
    }
    Context baseContext = sides.base().context(base);
    Context headContext = sides.head().context(head);
    ValueDifferences values = new ValueDifferences(ofBase, ofHead, baseContext, headContext);
    values.compare(
        "", "", plain(sides.base().properties(base)), plain(sides.head().properties(head)));
    List<Difference> found = new ArrayList<>(values.found());
    if (isPreview(sides.head().model())) {
      found.removeIf(difference -> isOnlyUnknown(difference, head));
    }
    ValueDifferences attributes = new ValueDifferences(ofBase, ofHead, baseContext, headContext);
    for (String name : ATTRIBUTES) {
      attributes.compare(name, name, attribute(base, name), attribute(head, name));
    }
    metadata(attributes, base, head);
    found.addAll(attributes.found());
    assets.addAll(values.newAssets());
    if (found.isEmpty() && values.isTouched()) {
      code.add(head);
    }
    return found;
  }

  private static boolean isPreview(Model model) {
    return model.kind() == SourceKind.PULUMI_PREVIEW;
  }

  private static Value plain(Value properties) {
    Map<String, Value> entries = new LinkedHashMap<>(properties.asMap());
    return entries.remove(DEFAULTS) == null ? properties : new Value.Mapping(entries);
  }

  /** What a preview does not know yet is no change unless the preview lists it. */
  private static boolean isOnlyUnknown(Difference difference, Resource head) {
    return difference.after().equals(Shown.UNKNOWN)
        && !difference.before().isEmpty()
        && head.attribute("detailedDiff").asMap().keySet().stream()
            .noneMatch(
                path -> path.startsWith(difference.path()) || difference.path().startsWith(path));
  }

  /** Pulumi writes what is switched off, or not. */
  private static Value attribute(Resource resource, String name) {
    Value value = resource.attribute(name);
    boolean nothing =
        value.equals(new Value.Bool(false)) || value.equals(new Value.Sequence(List.of()));
    return nothing ? new Value.Missing() : value;
  }

  private static void metadata(ValueDifferences differences, Resource base, Resource head) {
    differences.compare("Metadata", "", metadata(base), metadata(head));
  }

  /** Acknowledgements are the gate's to tell, and what tools note for themselves is no change. */
  private static Value metadata(Resource resource) {
    Map<String, Value> kept = new LinkedHashMap<>(resource.attribute("Metadata").asMap());
    kept.keySet()
        .removeIf(
            key ->
                key.startsWith("aws:")
                    || key.startsWith("mlinfra::")
                    || key.startsWith("cdk_nag")
                    || key.startsWith("cfn_nag"));
    return new Value.Mapping(kept);
  }

  /** Whatever names a resource that is replaced, in a property that replaces, is replaced too. */
  private void spread(Map<ResourceId, Pair> pairs) {
    Map<ResourceId, Map<ResourceId, String>> namedBy = new HashMap<>();
    for (Pair pair : pairs.values()) {
      for (String path : ReplacedBy.of(pair.head().type()).always()) {
        Set<ResourceId> named = new HashSet<>();
        collect(sides.head().properties(pair.head()).at(path), named);
        named.forEach(
            it ->
                namedBy
                    .computeIfAbsent(it, key -> new LinkedHashMap<>())
                    .putIfAbsent(pair.head().id(), path));
      }
    }
    Deque<ResourceChange> open = new ArrayDeque<>();
    sides.head().resources().stream()
        .map(resource -> byHead.get(resource.id()))
        .filter(change -> change != null && change.isNewInItsPlace())
        .forEach(open::add);
    while (!open.isEmpty()) {
      ResourceChange cause = open.remove();
      namedBy
          .getOrDefault(cause.resource().id(), Map.of())
          .forEach(
              (id, path) -> {
                ResourceChange known = byHead.get(id);
                if (known == null || known.kind() == Kind.UPDATED) {
                  ResourceChange along = along(pairs.get(id), path, cause.resource(), known);
                  byHead.put(id, along);
                  open.add(along);
                }
              });
    }
  }

  private static ResourceChange along(
      Pair pair, String path, Resource cause, ResourceChange known) {
    return new ResourceChange(
        Kind.REPLACED,
        Optional.of(pair.base()),
        Optional.of(pair.head()),
        known == null ? List.of() : known.differences(),
        List.of(path + ", which names " + cause.label()),
        List.of());
  }

  private static void collect(Value value, Set<ResourceId> named) {
    if (value instanceof Value.Reference reference) {
      named.add(reference.resource());
    }
    value.children().forEach(child -> collect(child, named));
  }
}
