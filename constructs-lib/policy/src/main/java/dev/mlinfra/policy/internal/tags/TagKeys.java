package dev.mlinfra.policy.internal.tags;

import dev.mlinfra.core.CostTags;
import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.tags.TaggableTypes.Shape;
import dev.mlinfra.template.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The keys of the tags that a value certainly has.
 *
 * @param known keys that are there whatever the deployment decides, with a value
 * @param complete whether nothing else can be there
 */
record TagKeys(Set<String> known, boolean complete) {
  private static final TagKeys NONE = new TagKeys(Set.of(), true);
  private static final TagKeys ANYTHING = new TagKeys(Set.of(), false);

  TagKeys {
    known = Set.copyOf(known);
  }

  /** The keys of a property of one shape, in which everything is evaluated that is known. */
  static TagKeys of(Value tags, Shape shape) {
    return of(tags, shape, tag -> Verdict.COMPLIANT);
  }

  /**
   * The keys of those tags of a list that a filter admits: what it says {@link Verdict#COMPLIANT}.
   */
  static TagKeys of(Value tags, Shape shape, Function<Value, Verdict> filter) {
    List<TagKeys> branches = new ArrayList<>();
    for (Value branch : tags.alternatives()) {
      branches.add(
          switch (shape) {
            case LIST -> list(branch, filter);
            case MAP -> map(branch);
            case ITEMS -> of(branch.entry("Items"), Shape.LIST, filter);
            case SPECIFICATIONS -> specifications(branch);
          });
    }
    return inEveryCase(branches);
  }

  private static TagKeys list(Value tags, Function<Value, Verdict> filter) {
    if (tags.isMissing()) {
      return NONE;
    }
    if (!(tags instanceof Value.Sequence)) {
      return ANYTHING;
    }
    Set<String> known = new HashSet<>();
    boolean complete = true;
    for (Value item : tags.asList()) {
      List<TagKeys> branches = new ArrayList<>();
      for (Value tag : item.alternatives()) {
        branches.add(one(tag, filter));
      }
      TagKeys keys = inEveryCase(branches);
      known.addAll(keys.known());
      complete &= keys.complete();
    }
    return new TagKeys(known, complete);
  }

  private static TagKeys one(Value tag, Function<Value, Verdict> filter) {
    if (tag.isMissing()) {
      return NONE;
    }
    Value key = tag.entry("Key").isMissing() ? tag.entry("TagKey") : tag.entry("Key");
    Verdict admitted = filter.apply(tag);
    if (!(tag instanceof Value.Mapping)
        || key.asText().isEmpty()
        || admitted == Verdict.UNDECIDED) {
      return ANYTHING;
    }
    Value value = tag.entry("Value").isMissing() ? tag.entry("TagValue") : tag.entry("Value");
    return admitted == Verdict.VIOLATED || isEmpty(value)
        ? NONE
        : new TagKeys(Set.of(key.asText().get()), true);
  }

  private static TagKeys map(Value tags) {
    if (tags.isMissing()) {
      return NONE;
    }
    if (!(tags instanceof Value.Mapping)) {
      return ANYTHING;
    }
    Set<String> known = new HashSet<>();
    tags.asMap()
        .forEach(
            (key, value) -> {
              if (value.alternatives().stream().noneMatch(it -> isEmpty(it))) {
                known.add(key);
              }
            });
    return new TagKeys(known, true);
  }

  /** A tag without a value says nothing on a bill. */
  private static boolean isEmpty(Value value) {
    return value.isMissing() || value.asText().filter(String::isEmpty).isPresent();
  }

  /** The keys that all specifications of one list have together. */
  private static TagKeys specifications(Value specifications) {
    if (!specifications.isMissing() && !(specifications instanceof Value.Sequence)) {
      return ANYTHING;
    }
    Set<String> known = new HashSet<>();
    boolean complete = true;
    for (Value specification : specifications.asList()) {
      TagKeys keys = of(specification.entry("Tags"), Shape.LIST);
      known.addAll(keys.known());
      complete &= keys.complete() && specification instanceof Value.Mapping;
    }
    return new TagKeys(known, complete);
  }

  private static TagKeys inEveryCase(List<TagKeys> branches) {
    Set<String> known = new HashSet<>(branches.get(0).known());
    branches.forEach(branch -> known.retainAll(branch.known()));
    return new TagKeys(known, branches.stream().allMatch(TagKeys::complete));
  }

  /** The cost tags that are not certainly there, sorted. */
  Set<String> missing() {
    Set<String> missing = new TreeSet<>(CostTags.KEYS);
    missing.removeAll(known);
    return missing;
  }

  Verdict verdict() {
    if (missing().isEmpty()) {
      return Verdict.COMPLIANT;
    }
    return complete ? Verdict.VIOLATED : Verdict.UNDECIDED;
  }
}
