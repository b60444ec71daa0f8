package dev.mlinfra.handler;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Reads JSON as maps, lists, texts, longs, doubles, booleans and nulls. */
final class JsonValues {
  private static final JsonFactory FACTORY = new JsonFactory();

  private JsonValues() {}

  /** Reads a text that holds an object. */
  static Map<String, Object> object(String text) {
    try (JsonParser json = FACTORY.createParser(ObjectReadContext.empty(), text)) {
      json.nextToken();
      return asObject(value(json));
    }
  }

  /** Reads a stream that holds an object; closes it. */
  static Map<String, Object> object(InputStream in) {
    try (JsonParser json = FACTORY.createParser(ObjectReadContext.empty(), in)) {
      json.nextToken();
      return asObject(value(json));
    }
  }

  /** Reads a stream that holds a list of objects, one at a time; closes it. */
  static void objects(InputStream in, Consumer<Map<String, Object>> each) {
    try (JsonParser json = FACTORY.createParser(ObjectReadContext.empty(), in)) {
      if (json.nextToken() != JsonToken.START_ARRAY) {
        throw new IllegalArgumentException("JSON that is no list");
      }
      while (json.nextToken() != JsonToken.END_ARRAY) {
        each.accept(asObject(value(json)));
      }
    }
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> asObject(Object value) {
    if (value instanceof Map<?, ?> object) {
      return (Map<String, Object>) object;
    }
    throw new IllegalArgumentException("JSON that is no object");
  }

  private static Object value(JsonParser json) {
    return switch (json.currentToken()) {
      case START_OBJECT -> {
        Map<String, Object> object = new LinkedHashMap<>();
        while (json.nextToken() != JsonToken.END_OBJECT) {
          String name = json.currentName();
          json.nextToken();
          object.put(name, value(json));
        }
        yield object;
      }
      case START_ARRAY -> {
        List<Object> list = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
          list.add(value(json));
        }
        yield list;
      }
      case VALUE_STRING -> json.getString();
      case VALUE_NUMBER_INT -> json.getLongValue();
      case VALUE_NUMBER_FLOAT -> json.getDoubleValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default -> throw new IllegalArgumentException("JSON that is cut off");
    };
  }
}
