package dev.mlinfra.review;

import dev.mlinfra.template.Context;
import dev.mlinfra.template.Value;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Finds what differs between the values of one resource. */
final class ValueDifferences {
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

  private final Canonical ofBase;
  private final Canonical ofHead;
  private final Context baseContext;
  private final Context headContext;
  private final List<Difference> found = new ArrayList<>();
  private final Set<String> newAssets = new LinkedHashSet<>();
  private boolean touched;

  ValueDifferences(Canonical ofBase, Canonical ofHead, Context baseContext, Context headContext) {
    this.ofBase = ofBase;
    this.ofHead = ofHead;
    this.baseContext = baseContext;
    this.headContext = headContext;
  }

  /** What differs, in the order of the head. */
  List<Difference> found() {
    return found;
  }

  /** The hashes of assets that the base has not; what has nothing else new is no difference. */
  Set<String> newAssets() {
    return newAssets;
  }

  /** Whether something differs that a comparison leaves out, such as the hash of an asset. */
  boolean isTouched() {
    return touched;
  }

  /**
   * Compares two values.
   *
   * @param name what holds them, such as the last step of the path
   */
  void compare(String path, String name, Value base, Value head) {
    if (same(name, base, head)) {
      return;
    }
    if (base instanceof Value.Mapping && head instanceof Value.Mapping) {
      maps(path, base.asMap(), head.asMap());
    } else if (isListOrNothing(base) && isListOrNothing(head)) {
      lists(path, name, base, head);
    } else if (base instanceof Value.If one
        && head instanceof Value.If other
        && one.condition().equals(other.condition())) {
      compare(path, name, one.then(), other.then());
      compare(path, name, one.otherwise(), other.otherwise());
    } else {
      add(path, name, base, head);
    }
  }

  private static boolean isListOrNothing(Value value) {
    return value instanceof Value.Sequence || value.isMissing();
  }

  private void add(String path, String name, Value base, Value head) {
    found.add(
        new Difference(path, Shown.of(base, name, baseContext), Shown.of(head, name, headContext)));
  }

  /** Whether two values mean the same; the hashes in which they differ are noted. */
  private boolean same(String name, Value base, Value head) {
    if (!ofBase.of(base, name).equals(ofHead.of(head, name))) {
      return false;
    }
    String before = base.toJson();
    String after = head.toJson();
    if (!before.equals(after)) {
      Set<String> old = hashes(before);
      Set<String> now = hashes(after);
      touched |= !old.equals(now);
      now.removeAll(old);
      newAssets.addAll(now);
    }
    return true;
  }

  private static Set<String> hashes(String text) {
    Set<String> hashes = new LinkedHashSet<>();
    HASH.matcher(text).results().map(MatchResult::group).forEach(hashes::add);
    return hashes;
  }

  private void maps(String path, Map<String, Value> base, Map<String, Value> head) {
    head.forEach(
        (key, value) ->
            compare(step(path, key), key, base.getOrDefault(key, new Value.Missing()), value));
    base.forEach(
        (key, value) -> {
          if (!head.containsKey(key)) {
            compare(step(path, key), key, value, new Value.Missing());
          }
        });
  }

  private static String step(String path, String key) {
    String step = key.indexOf('.') >= 0 || key.indexOf('[') >= 0 ? "[" + key + "]" : key;
    return path.isEmpty() || step.startsWith("[") ? path + step : path + "." + step;
  }

  private void lists(String path, String name, Value base, Value head) {
    Optional<Map<String, Value>> baseNamed = Items.byName(base);
    Optional<Map<String, Value>> headNamed = Items.byName(head);
    boolean none = base.asList().isEmpty() && head.asList().isEmpty();
    if (baseNamed.isPresent() && headNamed.isPresent()) {
      named(path, baseNamed.get(), headNamed.get());
    } else if (!none && isOfMaps(base) && isOfMaps(head)) {
      numbered(path, name, base.asList(), head.asList());
    } else {
      add(path, name, base, head);
    }
  }

  private static boolean isOfMaps(Value list) {
    return list.asList().stream().allMatch(item -> item instanceof Value.Mapping);
  }

  private void named(String path, Map<String, Value> base, Map<String, Value> head) {
    Set<String> names = new LinkedHashSet<>(head.keySet());
    names.addAll(base.keySet());
    for (String name : names) {
      Value before = base.getOrDefault(name, new Value.Missing());
      Value after = head.getOrDefault(name, new Value.Missing());
      boolean pairs =
          (before.isMissing() || Items.onlyValue(before).isPresent())
              && (after.isMissing() || Items.onlyValue(after).isPresent());
      compare(
          path + "[" + name + "]",
          name,
          pairs ? Items.onlyValue(before).orElse(before) : before,
          pairs ? Items.onlyValue(after).orElse(after) : after);
    }
  }

  /** Takes out what both lists have, and pairs the rest in its order. */
  private void numbered(String path, String name, List<Value> base, List<Value> head) {
    Map<String, Deque<Value>> old = new LinkedHashMap<>();
    base.forEach(
        item -> old.computeIfAbsent(ofBase.of(item, name), it -> new ArrayDeque<>()).add(item));
    List<Integer> fresh = new ArrayList<>();
    for (int i = 0; i < head.size(); i++) {
      Deque<Value> equal = old.getOrDefault(ofHead.of(head.get(i), name), new ArrayDeque<>());
      if (equal.isEmpty()) {
        fresh.add(i);
      } else {
        compare(path, name, equal.remove(), head.get(i));
      }
    }
    List<Value> gone = new ArrayList<>();
    old.values().forEach(gone::addAll);
    for (int i : fresh) {
      Value before = gone.isEmpty() ? new Value.Missing() : gone.remove(0);
      compare(path + "[" + i + "]", name, before, head.get(i));
    }
    for (Value item : gone) {
      add(path + "[" + base.indexOf(item) + "]", name, item, new Value.Missing());
    }
  }
}
