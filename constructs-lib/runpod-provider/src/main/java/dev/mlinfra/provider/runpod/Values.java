package dev.mlinfra.provider.runpod;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.protobuf.ListValue;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Values of properties as plain Java: String, Double, Boolean, List, Map, null, and two marks of
 * the engine, {@link Secret} and {@link Unknown}.
 */
final class Values {
  private static final String SIGNATURE = "4dabf18193072939515e22adb298388d";
  private static final String SECRET = "1b47061264138c4ac30d75fd1eb44270";

  /** What the engine sends for values that are not known yet, by their types. */
  private static final Set<String> UNKNOWNS =
      Set.of(
          "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
          "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
          "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
          "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
          "dd056dcd-154b-4c76-9bd3-c8f88648b5ff");

  private static final String UNKNOWN_STRING = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

  private Values() {}

  /** A value that must not be shown. */
  record Secret(Object value) {
    @Override
    public String toString() {
      return "[secret]";
    }
  }

  /** A value that is not known before something else was made. */
  enum Unknown {
    UNKNOWN
  }

  static Map<String, Object> read(Struct struct) {
    Map<String, Object> read = new LinkedHashMap<>();
    struct.getFieldsMap().forEach((name, value) -> read.put(name, read(value)));
    return read;
  }

  private static Object read(Value value) {
    return switch (value.getKindCase()) {
      case STRING_VALUE ->
          UNKNOWNS.contains(value.getStringValue()) ? Unknown.UNKNOWN : value.getStringValue();
      case NUMBER_VALUE -> value.getNumberValue();
      case BOOL_VALUE -> value.getBoolValue();
      case LIST_VALUE -> {
        List<Object> list = new ArrayList<>();
        value.getListValue().getValuesList().forEach(one -> list.add(read(one)));
        yield list;
      }
      case STRUCT_VALUE -> {
        Struct struct = value.getStructValue();
        String signature =
            struct.getFieldsOrDefault(SIGNATURE, Value.getDefaultInstance()).getStringValue();
        yield signature.equals(SECRET)
            ? new Secret(read(struct.getFieldsOrDefault("value", Value.getDefaultInstance())))
            : read(struct);
      }
      default -> null;
    };
  }

  static Struct write(Map<String, Object> values) {
    Struct.Builder struct = Struct.newBuilder();
    values.forEach((name, value) -> struct.putFields(name, write(value)));
    return struct.build();
  }

  private static Value write(Object value) {
    Value.Builder made = Value.newBuilder();
    if (value instanceof String text) {
      made.setStringValue(text);
    } else if (value instanceof Number number) {
      made.setNumberValue(number.doubleValue());
    } else if (value instanceof Boolean flag) {
      made.setBoolValue(flag);
    } else if (value instanceof List<?> list) {
      ListValue.Builder values = ListValue.newBuilder();
      list.forEach(one -> values.addValues(write(one)));
      made.setListValue(values);
    } else if (value instanceof Map<?, ?> map) {
      made.setStructValue(write(map(map)));
    } else if (value instanceof Secret secret) {
      made.setStructValue(
          Struct.newBuilder()
              .putFields(SIGNATURE, write(SECRET))
              .putFields("value", write(secret.value())));
    } else if (value == Unknown.UNKNOWN) {
      made.setStringValue(UNKNOWN_STRING);
    } else {
      made.setNullValue(NullValue.NULL_VALUE);
    }
    return made.build();
  }

  /** A map with keys of the right type; properties have no other. */
  @SuppressWarnings("unchecked")
  static Map<String, Object> map(Object map) {
    return (Map<String, Object>) map;
  }

  /** The value without its marks of secrets. */
  static Object plain(Object value) {
    if (value instanceof Secret secret) {
      return plain(secret.value());
    }
    if (value instanceof List<?> list) {
      List<Object> plain = new ArrayList<>();
      list.forEach(one -> plain.add(plain(one)));
      return plain;
    }
    return value instanceof Map<?, ?> map ? plain(map(map)) : value;
  }

  static Map<String, Object> plain(Map<String, Object> values) {
    Map<String, Object> plain = new LinkedHashMap<>();
    values.forEach(
        (name, value) -> {
          Object one = plain(value);
          if (one != null) {
            plain.put(name, one);
          }
        });
    return plain;
  }

  static boolean hasUnknown(Object value) {
    if (value instanceof Secret secret) {
      return hasUnknown(secret.value());
    }
    if (value instanceof List<?> list) {
      return list.stream().anyMatch(Values::hasUnknown);
    }
    if (value instanceof Map<?, ?> map) {
      return map.values().stream().anyMatch(Values::hasUnknown);
    }
    return value == Unknown.UNKNOWN;
  }

  /** The texts below marks of secrets: what must not appear in a message. */
  static Set<String> secretTexts(Object value) {
    Set<String> found = new LinkedHashSet<>();
    collect(value, false, found);
    return found;
  }

  private static void collect(Object value, boolean secret, Set<String> found) {
    if (value instanceof Secret inside) {
      collect(inside.value(), true, found);
    } else if (value instanceof List<?> list) {
      list.forEach(one -> collect(one, secret, found));
    } else if (value instanceof Map<?, ?> map) {
      map.values().forEach(one -> collect(one, secret, found));
    } else if (secret && value instanceof String text && !text.isEmpty()) {
      found.add(text);
    }
  }

  /** Values with the marks that the same places have in others; a list is marked as a whole. */
  static Map<String, Object> markLike(Map<String, Object> values, Map<String, Object> marked) {
    Map<String, Object> made = new LinkedHashMap<>();
    values.forEach((name, value) -> made.put(name, markLike(value, marked.get(name))));
    return made;
  }

  private static Object markLike(Object value, Object marked) {
    if (value == null || value instanceof Secret) {
      return value;
    }
    if (marked instanceof Secret) {
      return new Secret(value);
    }
    if (value instanceof Map<?, ?> map && marked instanceof Map<?, ?> marks) {
      return markLike(map(map), map(marks));
    }
    boolean inside = marked instanceof List<?> list && list.stream().anyMatch(Values::hasSecret);
    return inside ? new Secret(value) : value;
  }

  private static boolean hasSecret(Object value) {
    if (value instanceof List<?> list) {
      return list.stream().anyMatch(Values::hasSecret);
    }
    if (value instanceof Map<?, ?> map) {
      return map.values().stream().anyMatch(Values::hasSecret);
    }
    return value instanceof Secret;
  }

  static JsonElement toJson(Object value) {
    if (value instanceof String text) {
      return new JsonPrimitive(text);
    }
    if (value instanceof Number number) {
      double exact = number.doubleValue();
      return exact == Math.rint(exact) && Math.abs(exact) < 1e15
          ? new JsonPrimitive((long) exact)
          : new JsonPrimitive(exact);
    }
    if (value instanceof Boolean flag) {
      return new JsonPrimitive(flag);
    }
    if (value instanceof List<?> list) {
      JsonArray array = new JsonArray();
      list.forEach(one -> array.add(toJson(one)));
      return array;
    }
    if (value instanceof Map<?, ?> map) {
      JsonObject object = new JsonObject();
      map(map).forEach((name, one) -> object.add(name, toJson(one)));
      return object;
    }
    return JsonNull.INSTANCE;
  }

  static Object fromJson(JsonElement json) {
    if (json == null || json.isJsonNull()) {
      return null;
    }
    if (json.isJsonArray()) {
      List<Object> list = new ArrayList<>();
      json.getAsJsonArray().forEach(one -> list.add(fromJson(one)));
      return list;
    }
    if (json.isJsonObject()) {
      Map<String, Object> map = new LinkedHashMap<>();
      json.getAsJsonObject()
          .entrySet()
          .forEach(one -> map.put(one.getKey(), fromJson(one.getValue())));
      return plain(map);
    }
    JsonPrimitive primitive = json.getAsJsonPrimitive();
    if (primitive.isBoolean()) {
      return primitive.getAsBoolean();
    }
    return primitive.isNumber() ? (Object) primitive.getAsDouble() : primitive.getAsString();
  }

  /** A value as messages show it. */
  static String show(Object value) {
    return value instanceof Secret ? "[secret]" : toJson(plain(value)).toString();
  }
}
