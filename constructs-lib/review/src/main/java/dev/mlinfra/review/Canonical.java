package dev.mlinfra.review;

import dev.mlinfra.template.ResourceId;
import dev.mlinfra.template.StableText;
import dev.mlinfra.template.Value;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes values so that two are the same text exactly when nothing changed: without hashes of
 * assets, with the keys of maps sorted, and with the names of the head for resources of the base.
 */
final class Canonical {
  private static final Pattern JSON_STRING = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*+)\"");

  /** By the id of the base, the id of the head. */
  private final Map<String, String> names;

  Canonical(Map<String, String> names) {
    this.names = Map.copyOf(names);
  }

  String of(Value value, String key) {
    StringBuilder text = new StringBuilder();
    append(value, key, text);
    return text.toString();
  }

  private void append(Value value, String key, StringBuilder text) {
    Optional<String> scalar = value.asText();
    if (scalar.isPresent()) {
      // A number and its text are the same to a provider.
      String stable = StableText.of(scalar.get(), key);
      text.append(stable.length()).append(':').append(stable);
    } else if (value instanceof Value.Mapping mapping) {
      Map<String, Value> sorted = new TreeMap<>();
      mapping.entries().forEach((name, entry) -> sorted.put(StableText.of(name, ""), entry));
      text.append('{');
      sorted.forEach(
          (name, entry) -> {
            text.append(name).append('=');
            append(entry, name, text);
          });
      text.append('}');
    } else if (value instanceof Value.Sequence sequence) {
      text.append('[');
      sequence.items().forEach(item -> append(item, key, text));
      text.append(']');
    } else if (value instanceof Value.Reference reference) {
      text.append('$').append(name(reference.resource())).append(reference.attribute().orElse(""));
    } else {
      text.append(value.getClass().getSimpleName());
      text.append(
          JSON_STRING
              .matcher(value.toJson())
              .replaceAll(found -> Matcher.quoteReplacement("\"" + name(found.group(1)) + "\"")));
    }
  }

  private String name(ResourceId id) {
    return name(id.toString());
  }

  private String name(String id) {
    return StableText.of(names.getOrDefault(id, id), "");
  }
}
