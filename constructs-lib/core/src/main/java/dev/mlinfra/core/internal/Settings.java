package dev.mlinfra.core.internal;

import dev.mlinfra.core.Position;
import dev.mlinfra.core.internal.YamlValue.Entry;
import dev.mlinfra.core.internal.YamlValue.YamlList;
import dev.mlinfra.core.internal.YamlValue.YamlMap;
import dev.mlinfra.core.internal.YamlValue.YamlScalar;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** Typed reading of a section that the schema has admitted; what is absent takes the fallback. */
final class Settings {
  private final YamlMap map;
  private final String path;

  Settings(YamlMap environment) {
    this(environment, "");
  }

  private Settings(YamlMap map, String path) {
    this.map = map;
    this.path = path;
  }

  /** A section; empty when it is absent. */
  Settings section(String key) {
    Entry entry = map.entries().get(key);
    return new Settings(
        entry != null && entry.value() instanceof YamlMap section
            ? section
            : new YamlMap(map.position(), Map.of()),
        path(key));
  }

  /** The maps of a list; none when it is absent. */
  List<Settings> sections(String key) {
    if (!has(key)) {
      return List.of();
    }
    List<YamlValue> items = ((YamlList) map.entries().get(key).value()).items();
    return IntStream.range(0, items.size())
        .mapToObj(i -> new Settings((YamlMap) items.get(i), path(key) + "[" + i + "]"))
        .toList();
  }

  boolean has(String key) {
    return map.entries().containsKey(key);
  }

  Set<String> keys() {
    return map.entries().keySet();
  }

  String text(String key, String fallback) {
    return has(key) ? scalar(key) : fallback;
  }

  boolean flag(String key, boolean fallback) {
    return has(key) ? Boolean.parseBoolean(scalar(key)) : fallback;
  }

  long whole(String key, long fallback) {
    return has(key) ? new BigDecimal(scalar(key)).longValueExact() : fallback;
  }

  int wholeInt(String key, int fallback) {
    return Math.toIntExact(whole(key, fallback));
  }

  double number(String key, double fallback) {
    return has(key) ? Double.parseDouble(scalar(key)) : fallback;
  }

  Duration duration(String key, Duration fallback) {
    return has(key) ? Duration.parse(scalar(key)) : fallback;
  }

  List<String> texts(String key, List<String> fallback) {
    return has(key)
        ? ((YamlList) map.entries().get(key).value())
            .items().stream().map(item -> ((YamlScalar) item).text()).toList()
        : fallback;
  }

  Position position(String key) {
    return has(key) ? map.entries().get(key).value().position() : map.position();
  }

  String path(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private String scalar(String key) {
    return ((YamlScalar) map.entries().get(key).value()).text();
  }
}
