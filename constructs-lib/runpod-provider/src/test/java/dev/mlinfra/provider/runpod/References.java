package dev.mlinfra.provider.runpod;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What tests write in inputs: {@code "${volume.id}"}, and {@code {"secret": "x"}} for a secret. */
final class References {
  static final Pattern REFERENCE = Pattern.compile("\\$\\{([^.}]+)\\.([^}]+)}");

  private References() {}

  /**
   * The inputs that are meant.
   *
   * @param lookup from the name of a resource and of its output to the value
   */
  static Object resolve(Object value, BiFunction<String, String, Object> lookup) {
    if (value instanceof List<?> list) {
      return list.stream().map(one -> resolve(one, lookup)).toList();
    }
    if (value instanceof Map<?, ?> map) {
      if (map.keySet().equals(Set.of("secret"))) {
        return new Values.Secret(map.get("secret"));
      }
      Map<String, Object> resolved = new LinkedHashMap<>();
      Values.map(map).forEach((name, one) -> resolved.put(name, resolve(one, lookup)));
      return resolved;
    }
    if (value instanceof String text) {
      Matcher reference = REFERENCE.matcher(text);
      return reference.matches() ? lookup.apply(reference.group(1), reference.group(2)) : text;
    }
    return value;
  }
}
