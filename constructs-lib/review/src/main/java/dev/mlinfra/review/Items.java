package dev.mlinfra.review;

import dev.mlinfra.template.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Lists whose items have names, so that their order says nothing. */
final class Items {
  /** What names an item of a list: of tags, rules, containers, statements, ports. */
  private static final List<String> NAMES =
      List.of("Key", "TagKey", "key", "Id", "Sid", "Name", "name", "id");

  private Items() {}

  /** The name of an item. */
  static Optional<String> name(Value item) {
    return NAMES.stream()
        .map(item.asMap()::get)
        .filter(it -> it instanceof Value.Text)
        .findFirst()
        .flatMap(Value::asText);
  }

  /** The items by their names, if all have one and no two the same; none for nothing. */
  static Optional<Map<String, Value>> byName(Value list) {
    Map<String, Value> items = new LinkedHashMap<>();
    for (Value item : list.asList()) {
      Optional<String> name = name(item);
      if (name.isEmpty() || items.put(name.get(), item) != null) {
        return Optional.empty();
      }
    }
    return Optional.of(items);
  }

  /** The value of a tag or variable, which has nothing but a name and a value. */
  static Optional<Value> onlyValue(Value item) {
    Map<String, Value> entries = item.asMap();
    return entries.size() == 2 && name(item).isPresent()
        ? entries.entrySet().stream()
            .filter(entry -> entry.getKey().toLowerCase(Locale.ROOT).endsWith("value"))
            .map(Map.Entry::getValue)
            .findFirst()
        : Optional.empty();
  }
}
