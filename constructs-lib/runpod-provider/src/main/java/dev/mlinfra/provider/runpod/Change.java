package dev.mlinfra.provider.runpod;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A property that differs between what there is and what is wanted.
 *
 * @param path such as {@code workers.max}; lists count as a whole
 * @param before null when it was not there
 * @param after null when it is not wanted any more; may be unknown
 */
record Change(String path, Object before, Object after) {

  /** The name at the beginning of the path. */
  String property() {
    int dot = path.indexOf('.');
    return dot < 0 ? path : path.substring(0, dot);
  }

  /** Whether this is the property at a path, or lies below it. */
  boolean within(String other) {
    return path.equals(other) || path.startsWith(other + ".");
  }

  /**
   * What differs. Only what is declared counts: the new inputs, and the old ones that are gone.
   *
   * @param wanted the new inputs, without marks of secrets
   * @param actual the last known state, without marks of secrets
   * @param declared the old inputs, without marks of secrets
   * @param ignored paths that do not count
   */
  static List<Change> between(
      Map<String, Object> wanted,
      Map<String, Object> actual,
      Map<String, Object> declared,
      List<String> ignored) {
    List<Change> changes = new ArrayList<>();
    compare("", wanted, actual, declared, changes);
    changes.removeIf(change -> ignored.stream().anyMatch(change::within));
    return changes;
  }

  private static void compare(
      String path, Object wanted, Object actual, Object declared, List<Change> changes) {
    boolean maps = wanted instanceof Map || (wanted == null && declared instanceof Map);
    if (maps && (actual == null || actual instanceof Map) && !(path.isEmpty() && wanted == null)) {
      if (wanted == null && actual == null) {
        return;
      }
      Map<String, Object> left = wanted == null ? Map.of() : Values.map(wanted);
      Map<String, Object> right = actual == null ? Map.of() : Values.map(actual);
      Map<String, Object> old = declared instanceof Map ? Values.map(declared) : Map.of();
      if (left.isEmpty() && old.isEmpty() && actual == null) {
        changes.add(new Change(path, null, wanted));
      }
      Set<String> names = new LinkedHashSet<>(left.keySet());
      names.addAll(old.keySet());
      for (String name : names) {
        compare(
            path.isEmpty() ? name : path + "." + name,
            left.get(name),
            right.get(name),
            old.get(name),
            changes);
      }
    } else if (!Objects.equals(wanted, actual)) {
      changes.add(new Change(path, actual, wanted));
    }
  }

  /** The part of what there is that is declared: lists as a whole, maps by their keys. */
  static Map<String, Object> restrict(Map<String, Object> actual, Map<String, Object> declared) {
    Map<String, Object> kept = new LinkedHashMap<>();
    declared.forEach(
        (name, value) -> {
          Object found = actual.get(name);
          if (found instanceof Map<?, ?> map && value instanceof Map<?, ?> inner) {
            kept.put(name, restrict(Values.map(map), Values.map(inner)));
          } else if (found != null) {
            kept.put(name, found);
          }
        });
    return kept;
  }
}
