package dev.mlinfra.provider.runpod;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Whether inputs have the types of the schema, and the defaults of what is left out. */
final class TypeCheck {
  private final List<Failure> failures = new ArrayList<>();
  private final Map<String, String> gone;

  /**
   * A check.
   *
   * @param gone what to say of properties that people look for and that are not possible
   */
  TypeCheck(Map<String, String> gone) {
    this.gone = gone;
  }

  List<Failure> failures() {
    return List.copyOf(failures);
  }

  /** The values with defaults, and with texts turned into what the schema wants. */
  Map<String, Object> check(PackageSchema.Type type, Map<String, Object> values) {
    return members("", type, values);
  }

  private Map<String, Object> members(
      String path, PackageSchema.Type type, Map<String, Object> values) {
    Map<String, Object> checked = new LinkedHashMap<>();
    for (String name : values.keySet()) {
      if (!type.properties().containsKey(name) && !name.startsWith("__")) {
        failures.add(new Failure(join(path, name), unknown(name, type.properties().keySet())));
      }
    }
    type.properties()
        .forEach(
            (name, property) -> {
              Object value = values.get(name);
              if (value == null) {
                value = property.defaultValue();
              }
              if (value != null) {
                checked.put(name, value(join(path, name), property, value));
              } else if (type.required().contains(name)) {
                failures.add(new Failure(join(path, name), "is missing; " + name + " is required"));
              }
            });
    return checked;
  }

  private Object value(String path, PackageSchema.Property property, Object value) {
    if (value instanceof Values.Secret secret) {
      return new Values.Secret(value(path, property, secret.value()));
    }
    if (value == Values.Unknown.UNKNOWN || value == null) {
      return value;
    }
    switch (property.type()) {
      case "string" -> {
        if (!(value instanceof String)) {
          wrong(path, value, "a text");
        }
      }
      case "boolean" -> {
        if (value instanceof String text && (text.equals("true") || text.equals("false"))) {
          return text.equals("true");
        }
        if (!(value instanceof Boolean)) {
          wrong(path, value, "true or false");
        }
      }
      case "integer", "number" -> {
        return number(path, property, value);
      }
      case "array" -> {
        if (value instanceof List<?> list) {
          List<Object> checked = new ArrayList<>();
          for (int place = 0; place < list.size(); place++) {
            checked.add(value(path + "[" + place + "]", property.elements(), list.get(place)));
          }
          return checked;
        }
        wrong(path, value, "a list");
      }
      default -> {
        if (value instanceof Map<?, ?> map) {
          return object(path, property, Values.map(map));
        }
        wrong(path, value, "an object");
      }
    }
    return value;
  }

  private Object object(String path, PackageSchema.Property property, Map<String, Object> map) {
    if (property.named()) {
      return members(path, property.members(), map);
    }
    Map<String, Object> checked = new LinkedHashMap<>();
    map.forEach(
        (name, one) -> {
          if (one != null) {
            checked.put(name, value(join(path, name), property.elements(), one));
          }
        });
    return checked;
  }

  private Object number(String path, PackageSchema.Property property, Object value) {
    Object number = value;
    if (value instanceof String text) {
      // Configuration of stacks is text.
      try {
        number = Double.valueOf(text);
      } catch (NumberFormatException noNumber) {
        number = text;
      }
    }
    boolean whole = property.type().equals("integer");
    if (!(number instanceof Double exact) || (whole && exact != Math.rint(exact))) {
      wrong(path, value, whole ? "a whole number" : "a number");
      return value;
    }
    return number;
  }

  private void wrong(String path, Object value, String allowed) {
    failures.add(new Failure(path, "is " + Values.show(value) + "; it must be " + allowed));
  }

  private String unknown(String name, Collection<String> known) {
    if (gone.containsKey(name)) {
      return gone.get(name);
    }
    return "is not known; there are: " + String.join(", ", known);
  }

  private static String join(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }
}
