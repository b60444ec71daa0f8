package dev.mlinfra.provider.runpod;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;

/** The Pulumi schema of this package, schema.json: what properties there are, of which type. */
final class PackageSchema {
  static final String NAME = "mlinfra-runpod";

  private static final PackageSchema INSTANCE = new PackageSchema();

  private final String text;
  private final JsonObject json;

  private PackageSchema() {
    try (InputStream file = PackageSchema.class.getResourceAsStream("schema.json")) {
      text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    }
    json = JsonParser.parseString(text).getAsJsonObject();
  }

  static PackageSchema get() {
    return INSTANCE;
  }

  String text() {
    return text;
  }

  String version() {
    return json.get("version").getAsString();
  }

  static String token(String name) {
    return NAME + ":index:" + name;
  }

  /** The names of the resources. */
  Set<String> resources() {
    return names(json.getAsJsonObject("resources"));
  }

  /** The names of the functions. */
  Set<String> functions() {
    return names(json.getAsJsonObject("functions"));
  }

  /** The inputs of a resource. */
  Type inputs(String resource) {
    JsonObject found = resource(resource);
    return new Type(
        found.getAsJsonObject("inputProperties"), found.getAsJsonArray("requiredInputs"));
  }

  /** The outputs of a resource. */
  Type outputs(String resource) {
    JsonObject found = resource(resource);
    return new Type(found.getAsJsonObject("properties"), found.getAsJsonArray("required"));
  }

  /** The inputs of a function. */
  Type arguments(String function) {
    JsonObject found =
        json.getAsJsonObject("functions")
            .getAsJsonObject(token(function))
            .getAsJsonObject("inputs");
    return new Type(found.getAsJsonObject("properties"), found.getAsJsonArray("required"));
  }

  /** The provider's own settings. */
  Type settings() {
    return new Type(json.getAsJsonObject("provider").getAsJsonObject("inputProperties"), null);
  }

  private JsonObject resource(String name) {
    return json.getAsJsonObject("resources").getAsJsonObject(token(name));
  }

  private static Set<String> names(JsonObject tokens) {
    Set<String> names = new TreeSet<>();
    tokens.keySet().forEach(token -> names.add(token.substring(token.lastIndexOf(':') + 1)));
    return names;
  }

  /** An object type. */
  final class Type {
    private final Map<String, Property> properties = new LinkedHashMap<>();
    private final List<String> required;

    private Type(JsonObject properties, Iterable<JsonElement> required) {
      properties
          .entrySet()
          .forEach(
              one ->
                  this.properties.put(
                      one.getKey(), new Property(one.getValue().getAsJsonObject())));
      this.required =
          required == null
              ? List.of()
              : StreamSupport.stream(required.spliterator(), false)
                  .map(JsonElement::getAsString)
                  .toList();
    }

    Map<String, Property> properties() {
      return properties;
    }

    List<String> required() {
      return required;
    }
  }

  /** A property, or the elements of a list or map. */
  final class Property {
    private final JsonObject spec;

    private Property(JsonObject spec) {
      this.spec = spec;
    }

    /** string, number, integer, boolean, array or object. */
    String type() {
      return spec.has("$ref") ? "object" : spec.get("type").getAsString();
    }

    boolean secret() {
      return is("secret");
    }

    /** Whether every change of it replaces the resource. */
    boolean replaces() {
      return is("willReplaceOnChanges");
    }

    Object defaultValue() {
      return Values.fromJson(spec.get("default"));
    }

    /** Whether it is an object with fixed members. */
    boolean named() {
      return spec.has("$ref");
    }

    /** Its members, when it is {@link #named()}. */
    Type members() {
      String token = spec.get("$ref").getAsString().substring("#/types/".length());
      JsonObject type = json.getAsJsonObject("types").getAsJsonObject(token);
      return new Type(type.getAsJsonObject("properties"), type.getAsJsonArray("required"));
    }

    /** Of a list or map: its elements. */
    Property elements() {
      return new Property(
          spec.getAsJsonObject(type().equals("array") ? "items" : "additionalProperties"));
    }

    private boolean is(String member) {
      return spec.has(member) && spec.get(member).getAsBoolean();
    }
  }
}
