package dev.mlinfra.core.internal;

import dev.mlinfra.core.Position;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A YAML value that knows where it stands. Immutable, so an alias can share its anchor's value. */
public sealed interface YamlValue {

  /** Where the value starts. */
  Position position();

  /** How many values it holds, itself included, aliases written out. */
  long size();

  /** A map; keys keep their order and their own positions. */
  record YamlMap(Position position, Map<String, Entry> entries, long size) implements YamlValue {
    public YamlMap(Position position, Map<String, Entry> entries) {
      this(
          position,
          Collections.unmodifiableMap(new LinkedHashMap<>(entries)),
          1 + entries.values().stream().mapToLong(entry -> entry.value().size()).sum());
    }

    /** This map with the entries of {@code over} laid over it: maps merge, all else replaces. */
    YamlMap mergedWith(YamlMap over) {
      Map<String, Entry> merged = new LinkedHashMap<>(entries);
      over.entries.forEach(
          (key, entry) ->
              merged.merge(
                  key,
                  entry,
                  (below, above) ->
                      below.value() instanceof YamlMap lower
                              && above.value() instanceof YamlMap upper
                          ? new Entry(above.key(), lower.mergedWith(upper))
                          : above));
      return new YamlMap(over.position, merged);
    }
  }

  /** One entry of a map: where its key stands, and its value. */
  record Entry(Position key, YamlValue value) {}

  /** A list. */
  record YamlList(Position position, List<YamlValue> items, long size) implements YamlValue {
    public YamlList(Position position, List<YamlValue> items) {
      this(position, List.copyOf(items), 1 + items.stream().mapToLong(YamlValue::size).sum());
    }
  }

  /**
   * A text, number, boolean or nothing.
   *
   * @param variable the environment variable that the text was taken from
   */
  record YamlScalar(Position position, String text, Kind kind, Optional<String> variable)
      implements YamlValue {
    YamlScalar(Position position, String text, Kind kind) {
      this(position, text, kind, Optional.empty());
    }

    @Override
    public long size() {
      return 1;
    }
  }

  /** What a scalar is, by YAML's core schema. */
  enum Kind {
    TEXT,
    INTEGER,
    DECIMAL,
    BOOLEAN,
    NOTHING
  }
}
