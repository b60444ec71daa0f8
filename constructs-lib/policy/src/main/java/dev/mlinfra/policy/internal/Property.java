package dev.mlinfra.policy.internal;

import dev.mlinfra.template.Value;
import java.util.ArrayList;
import java.util.List;

/**
 * A property, and where it stands.
 *
 * @param at its path, such as {@code Targets[1].EcsParameters.PropagateTags}
 * @param value what stands there; {@link Value.Missing} for nothing
 */
public record Property(String at, Value value) {
  private static final String ITEMS = "[]";

  /**
   * Every property that a path leads to, through all branches of conditions. There is one wherever
   * everything up to the last step is there; where that is not known, or of another kind than
   * expected, the value is {@link Value.Unknown} or another symbol.
   *
   * @param path such as {@code Targets[].EcsParameters.PropagateTags}, where {@code []} goes
   *     through a list
   */
  public static List<Property> of(Value properties, String path) {
    List<Property> found = new ArrayList<>();
    walk(properties, "", List.of(path.split("\\.", -1)), found);
    return found.stream().distinct().toList();
  }

  private static void walk(Value parent, String at, List<String> steps, List<Property> found) {
    String step = steps.get(0);
    List<String> rest = steps.subList(1, steps.size());
    boolean list = step.endsWith(ITEMS);
    String name = list ? step.substring(0, step.length() - ITEMS.length()) : step;
    for (Value branch : parent.alternatives()) {
      if (branch.isMissing()) {
        continue;
      }
      Value value =
          branch instanceof Value.Mapping || branch.isSymbolic()
              ? branch.entry(name)
              : new Value.Unknown("no map", branch);
      if (list) {
        items(value, at + name, rest, found);
      } else if (rest.isEmpty()) {
        found.add(new Property(at + name, value));
      } else {
        walk(value, at + name + ".", rest, found);
      }
    }
  }

  private static void items(Value list, String at, List<String> rest, List<Property> found) {
    for (Value branch : list.alternatives()) {
      if (branch instanceof Value.Sequence sequence) {
        for (int i = 0; i < sequence.items().size(); i++) {
          item(sequence.items().get(i), at + "[" + i + "]", rest, found);
        }
      } else if (!branch.isMissing()) {
        Value unknown = branch.isSymbolic() ? branch : new Value.Unknown("no list", branch);
        found.add(new Property(String.join(".", path(at + ITEMS, rest)), unknown));
      }
    }
  }

  private static void item(Value item, String at, List<String> rest, List<Property> found) {
    if (!rest.isEmpty()) {
      walk(item, at + ".", rest, found);
    } else if (!item.alternatives().stream().allMatch(Value::isMissing)) {
      found.add(new Property(at, item));
    }
  }

  private static List<String> path(String first, List<String> rest) {
    List<String> steps = new ArrayList<>(List.of(first));
    steps.addAll(rest);
    return steps;
  }
}
