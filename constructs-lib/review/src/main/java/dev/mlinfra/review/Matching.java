package dev.mlinfra.review;

import dev.mlinfra.template.Model;
import dev.mlinfra.template.ResolvedModel;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.StableText;
import dev.mlinfra.template.Stack;
import dev.mlinfra.template.Value;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Which resource of the base is which resource of the head. */
final class Matching {
  /** How two resources were found to be the same one. */
  enum How {
    /** The same logical id, but for a hash in it. */
    SAME,
    RENAMED,
    MOVED
  }

  /** A resource of the base, and what became of it. */
  record Pair(Resource base, Resource head, How how) {}

  /** Of two resources, at least this share of the properties must be the same. */
  private static final double ALIKE = 0.8;

  /** Every one of these many pairs is looked at; of more, only those that are the same. */
  private static final long MOST_PAIRS = 40_000;

  /** What resources of one environment share, whatever they are. */
  private static final Set<String> TAGS = Set.of("Tags", "tags", "labels");

  private final ResolvedModel base;
  private final ResolvedModel head;
  private final Canonical canonical = new Canonical(Map.of());
  private final Map<String, String> stacks = new LinkedHashMap<>();
  private final List<Pair> pairs = new ArrayList<>();
  private final Set<Resource> removed = new LinkedHashSet<>();
  private final Set<Resource> added = new LinkedHashSet<>();
  private final Map<Resource, Map<String, String>> leaves = new HashMap<>();

  private Matching(ResolvedModel base, ResolvedModel head) {
    this.base = base;
    this.head = head;
    pairStacks(base.model(), head.model());
    removed.addAll(base.resources().stream().filter(Matching::counts).toList());
    added.addAll(head.resources().stream().filter(Matching::counts).toList());
    byIdentity();
    rest(How.RENAMED, Matching::stackAndType, it -> stacksHead(it) + " " + it.type());
    rest(How.MOVED, it -> environment(it, head.model()), it -> environment(it, base.model()));
  }

  static Matching of(ResolvedModel base, ResolvedModel head) {
    return new Matching(base, head);
  }

  /** What the CDK adds by itself, and the root of a Pulumi graph, say nothing of a change. */
  private static boolean counts(Resource resource) {
    return !resource.type().equals("AWS::CDK::Metadata")
        && !resource.type().equals("pulumi:pulumi:Stack");
  }

  /** By stack of the base, the stack of the head. */
  Map<String, String> stacks() {
    return stacks;
  }

  List<Pair> pairs() {
    return pairs;
  }

  Set<Resource> removed() {
    return removed;
  }

  Set<Resource> added() {
    return added;
  }

  /** By the id of a resource of the base, its id in the head, where the two differ. */
  Map<String, String> names() {
    Map<String, String> names = new HashMap<>();
    for (Pair pair : pairs) {
      String before = pair.base().id().toString();
      String after = pair.head().id().toString();
      if (!before.equals(after)) {
        names.put(before, after);
      }
    }
    return names;
  }

  /** A stack is the same by its id, else by its name in the account; one of each is the same. */
  private void pairStacks(Model before, Model after) {
    Set<String> open = new LinkedHashSet<>();
    after.stacks().forEach(stack -> open.add(stack.id()));
    for (Stack stack : before.stacks()) {
      if (open.remove(stack.id())) {
        stacks.put(stack.id(), stack.id());
      }
    }
    for (Stack stack : before.stacks()) {
      if (!stacks.containsKey(stack.id()) && stack.name().isPresent()) {
        after.stacks().stream()
            .filter(it -> open.contains(it.id()) && it.name().equals(stack.name()))
            .findFirst()
            .ifPresent(
                it -> {
                  open.remove(it.id());
                  stacks.put(stack.id(), it.id());
                });
      }
    }
    if (before.stacks().size() == 1 && after.stacks().size() == 1) {
      stacks.put(before.stacks().get(0).id(), after.stacks().get(0).id());
    }
  }

  private void byIdentity() {
    Map<String, Deque<Resource>> heads = new HashMap<>();
    for (Resource resource : added) {
      String stack = resource.id().stack();
      heads.computeIfAbsent(identity(stack, resource), it -> new ArrayDeque<>()).add(resource);
      for (Value alias : resource.attribute("aliases").asList()) {
        alias
            .asText()
            .ifPresent(
                urn ->
                    heads
                        .computeIfAbsent(
                            stack + " " + urn + " " + resource.type(), it -> new ArrayDeque<>())
                        .add(resource));
      }
    }
    for (Resource resource : List.copyOf(removed)) {
      String key = identity(stacksHead(resource), resource);
      Deque<Resource> found = heads.getOrDefault(key, new ArrayDeque<>());
      while (!found.isEmpty()) {
        Resource after = found.remove();
        if (added.contains(after)) {
          pair(resource, after, How.SAME);
          break;
        }
      }
    }
  }

  private static String identity(String stack, Resource resource) {
    return stack + " " + StableText.of(resource.id().name(), "") + " " + resource.type();
  }

  /** The stack of a resource of the base, as the head calls it. */
  private String stacksHead(Resource resource) {
    return stacks.getOrDefault(resource.id().stack(), resource.id().stack());
  }

  private static String stackAndType(Resource resource) {
    return resource.id().stack() + " " + resource.type();
  }

  private static String environment(Resource resource, Model model) {
    return model.environment(resource.id().stack()) + " " + resource.type();
  }

  private void pair(Resource before, Resource after, How how) {
    pairs.add(new Pair(before, after, how));
    removed.remove(before);
    added.remove(after);
  }

  private void rest(How how, Function<Resource, String> ofHead, Function<Resource, String> ofBase) {
    if (removed.isEmpty() || added.isEmpty()) {
      return;
    }
    Map<String, List<Resource>> heads = new LinkedHashMap<>();
    added.forEach(it -> heads.computeIfAbsent(ofHead.apply(it), key -> new ArrayList<>()).add(it));
    Map<String, List<Resource>> bases = new LinkedHashMap<>();
    removed.forEach(
        it -> bases.computeIfAbsent(ofBase.apply(it), key -> new ArrayList<>()).add(it));
    bases.forEach(
        (key, before) -> {
          List<Resource> after = heads.getOrDefault(key, List.of());
          if (!after.isEmpty()) {
            byPath(before, after, how);
            byContent(open(before, removed), open(after, added), how);
          }
        });
  }

  private static List<Resource> open(List<Resource> all, Set<Resource> open) {
    return all.stream().filter(open::contains).toList();
  }

  private void byPath(List<Resource> before, List<Resource> after, How how) {
    Map<String, Resource> paths = new HashMap<>();
    after.forEach(it -> it.constructPath().ifPresent(path -> paths.putIfAbsent(path, it)));
    for (Resource resource : before) {
      Optional<Resource> found = resource.constructPath().map(paths::get);
      if (found.filter(added::contains).isPresent()) {
        pair(resource, found.get(), how);
      }
    }
  }

  private record Candidate(Resource before, Resource after, double likeness) {
    /** The same whichever of the two is the base. */
    String names() {
      String one = before.id().toString();
      String other = after.id().toString();
      return one.compareTo(other) < 0 ? one + " " + other : other + " " + one;
    }
  }

  private void byContent(List<Resource> before, List<Resource> after, How how) {
    List<Candidate> candidates = new ArrayList<>();
    if ((long) before.size() * after.size() > MOST_PAIRS) {
      Map<Map<String, String>, Resource> same = new HashMap<>();
      after.forEach(it -> same.putIfAbsent(leaves(it, head), it));
      before.forEach(
          it ->
              Optional.ofNullable(same.get(leaves(it, base)))
                  .ifPresent(other -> candidates.add(new Candidate(it, other, 1))));
    } else {
      for (Resource one : before) {
        for (Resource other : after) {
          double likeness = likeness(leaves(one, base), leaves(other, head));
          if (likeness >= ALIKE) {
            candidates.add(new Candidate(one, other, likeness));
          }
        }
      }
    }
    candidates.sort(
        Comparator.comparing(Candidate::likeness).reversed().thenComparing(Candidate::names));
    Set<Resource> taken = new HashSet<>();
    for (Candidate each : candidates) {
      if (!taken.contains(each.before()) && !taken.contains(each.after())) {
        taken.add(each.before());
        taken.add(each.after());
        pair(each.before(), each.after(), how);
      }
    }
  }

  private static double likeness(Map<String, String> one, Map<String, String> other) {
    long same =
        one.entrySet().stream()
            .filter(entry -> entry.getValue().equals(other.get(entry.getKey())))
            .count();
    int all = one.size() + other.size();
    return all == 0 ? 1 : 2.0 * same / all;
  }

  /** What a resource says, apart from its tags: each value by its path. */
  private Map<String, String> leaves(Resource resource, ResolvedModel model) {
    return leaves.computeIfAbsent(
        resource,
        it -> {
          Map<String, String> found = new HashMap<>();
          model
              .properties(it)
              .asMap()
              .forEach(
                  (key, value) -> {
                    if (!TAGS.contains(key)) {
                      addLeaves(key, key, value, found);
                    }
                  });
          return found;
        });
  }

  private void addLeaves(String path, String key, Value value, Map<String, String> found) {
    if (value instanceof Value.Mapping mapping) {
      mapping.entries().forEach((name, entry) -> addLeaves(path + "." + name, name, entry, found));
    } else if (value instanceof Value.Sequence sequence) {
      for (int i = 0; i < sequence.items().size(); i++) {
        addLeaves(path + "[" + i + "]", key, sequence.items().get(i), found);
      }
    } else {
      found.put(path, canonical.of(value, key));
    }
  }
}
