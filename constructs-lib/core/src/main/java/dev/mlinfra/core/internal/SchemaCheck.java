package dev.mlinfra.core.internal;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.path.NodePath;
import dev.mlinfra.core.Position;
import dev.mlinfra.core.Problem;
import dev.mlinfra.core.internal.YamlValue.Kind;
import dev.mlinfra.core.internal.YamlValue.YamlList;
import dev.mlinfra.core.internal.YamlValue.YamlMap;
import dev.mlinfra.core.internal.YamlValue.YamlScalar;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Checks an environment against the JSON Schema and says what is wrong in the user's words. */
final class SchemaCheck {
  /** What is given where a required key is not. */
  static final String MISSING = "is missing";

  private static final String RESOURCE = "/dev/mlinfra/core/environment.schema.json";
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  /** Reading and compiling the schema takes most of the time of a load: once per JVM. */
  private static final JsonNode SCHEMA_NODE = readSchema();

  private static final Schema SCHEMA =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(SCHEMA_NODE);

  private SchemaCheck() {}

  /** The schema as JSON. */
  static JsonNode schema() {
    return SCHEMA_NODE;
  }

  /** What the schema says against an environment, in no order. */
  static List<Problem> problems(YamlMap environment) {
    List<Problem> problems = new ArrayList<>();
    for (Error error : SCHEMA.validate(toJson(environment))) {
      problems.add(problem(error, environment));
    }
    return problems;
  }

  /** The part of the schema that describes a path of map keys, references followed. */
  static Optional<JsonNode> schemaOf(List<String> path) {
    JsonNode node = SCHEMA_NODE;
    for (String key : path) {
      JsonNode next = node.path("properties").path(key);
      if (next.isMissingNode()) {
        next = node.path("additionalProperties");
      }
      if (!next.isObject()) {
        return Optional.empty();
      }
      node = next;
    }
    return Optional.of(node);
  }

  private static Problem problem(Error error, YamlMap environment) {
    Located located = locate(environment, error.getInstanceLocation());
    JsonNode rule = error.getSchemaNode();
    return switch (error.getKeyword()) {
      case "required" -> {
        String missing = error.getProperty();
        yield Problem.in(
            located.value.position(),
            join(located.path, missing),
            MISSING,
            allowed(describe(located.keys, missing)),
            "add '" + missing + ":'");
      }
      case "additionalProperties" -> {
        String unknown = error.getProperty();
        Position key =
            located.value instanceof YamlMap map && map.entries().containsKey(unknown)
                ? map.entries().get(unknown).key()
                : located.value.position();
        Collection<String> known = known(located.keys);
        yield Problem.in(
            key,
            join(located.path, unknown),
            "unknown key",
            String.join(", ", known),
            NearestMatch.question(unknown, known));
      }
      case "type" ->
          Problem.in(
              located.value.position(),
              located.path,
              "given " + kind(located.value),
              allowed(describe(located.keys, null)),
              typeFix(rule, located.value));
      case "enum", "const" -> {
        List<String> words = words(rule);
        yield Problem.in(
            located.value.position(),
            located.path,
            "given " + show(located.value),
            String.join(", ", words),
            located.value instanceof YamlScalar scalar
                ? NearestMatch.question(scalar.text(), words)
                : "");
      }
      default ->
          Problem.in(
              located.value.position(),
              located.path,
              "given " + show(located.value),
              allowed(itemOrValue(located)),
              "");
    };
  }

  private static JsonNode itemOrValue(Located located) {
    JsonNode node = describe(located.keys, null);
    return located.path.endsWith("]") && node.has("items") ? node.path("items") : node;
  }

  /** The schema of a value, with what it references laid under it. */
  private static JsonNode describe(List<String> keys, String last) {
    List<String> path = new ArrayList<>(keys);
    if (last != null) {
      path.add(last);
    }
    return schemaOf(path).map(SchemaCheck::dereference).orElse(NODES.objectNode());
  }

  private static JsonNode dereference(JsonNode node) {
    if (!node.has("$ref")) {
      return node;
    }
    String name = node.path("$ref").asString().substring("#/$defs/".length());
    ObjectNode merged = (ObjectNode) SCHEMA_NODE.path("$defs").path(name).deepCopy();
    node.properties().forEach(entry -> merged.set(entry.getKey(), entry.getValue()));
    return merged;
  }

  private static Collection<String> known(List<String> keys) {
    return schemaOf(keys).map(node -> node.path("properties").propertyNames()).orElse(List.of());
  }

  /** What a schema allows, in words. */
  private static String allowed(JsonNode rule) {
    if (rule.has("x-allowed")) {
      return rule.path("x-allowed").asString();
    }
    if (rule.has("enum") || rule.has("const")) {
      return String.join(", ", words(rule.has("enum") ? rule.path("enum") : rule.path("const")));
    }
    StringJoiner text = new StringJoiner(", ");
    text.add(
        switch (rule.path("type").asString("")) {
          case "integer" -> "a whole number";
          case "number" -> "a number";
          case "boolean" -> "true or false";
          case "array" -> "a list";
          case "object" -> "a map";
          default -> "a text";
        });
    bound(rule, "minimum", "at least ", text);
    bound(rule, "exclusiveMinimum", "above ", text);
    bound(rule, "maximum", "at most ", text);
    bound(rule, "minLength", "length at least ", text);
    bound(rule, "minItems", "entries at least ", text);
    bound(rule, "maxItems", "entries at most ", text);
    bound(rule, "maxProperties", "entries at most ", text);
    if (rule.path("uniqueItems").asBoolean(false)) {
      text.add("each once");
    }
    if (rule.has("properties")) {
      text.add("with " + String.join(", ", rule.path("properties").propertyNames()));
    }
    return text.toString();
  }

  private static void bound(JsonNode rule, String keyword, String words, StringJoiner text) {
    if (rule.has(keyword)) {
      text.add(words + rule.path(keyword).asString());
    }
  }

  private static List<String> words(JsonNode rule) {
    return rule.isArray()
        ? StreamSupport.stream(rule.spliterator(), false).map(JsonNode::asString).toList()
        : List.of(rule.asString());
  }

  private static String typeFix(JsonNode rule, YamlValue value) {
    if (value instanceof YamlScalar scalar) {
      boolean textWanted = words(rule).contains("string");
      if (textWanted && scalar.kind() != Kind.NOTHING) {
        return "put it in quotes";
      }
      if (!textWanted && scalar.kind() == Kind.TEXT) {
        return "write it without quotes or unit";
      }
      if (scalar.kind() == Kind.NOTHING) {
        return "give a value or remove the key";
      }
    }
    return "";
  }

  private static String kind(YamlValue value) {
    if (value instanceof YamlScalar scalar) {
      return switch (scalar.kind()) {
        case TEXT -> "the text " + show(value);
        case INTEGER, DECIMAL -> "the number " + show(value);
        case BOOLEAN -> show(value);
        case NOTHING -> "nothing";
      };
    }
    return value instanceof YamlMap ? "a map" : "a list";
  }

  private static String show(YamlValue value) {
    if (value instanceof YamlScalar scalar) {
      if (scalar.variable().isPresent()) {
        // The value belongs to the machine and may be anything, a secret by mistake included.
        return "the value of the environment variable " + scalar.variable().get();
      }
      String text = scalar.text();
      String shortened = text.length() > 60 ? text.substring(0, 60) + "…" : text;
      return scalar.kind() == Kind.TEXT ? "'" + shortened + "'" : shortened;
    }
    if (value instanceof YamlList list) {
      return list.items().size() + " entries";
    }
    return ((YamlMap) value).entries().size() + " entries";
  }

  /** A value of the environment, with its path as users write it and its map keys. */
  private record Located(YamlValue value, String path, List<String> keys) {}

  private static Located locate(YamlMap environment, NodePath location) {
    YamlValue value = environment;
    String path = "";
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < location.getNameCount(); i++) {
      Object element = location.getElement(i);
      if (value instanceof YamlMap map && map.entries().containsKey(element.toString())) {
        value = map.entries().get(element.toString()).value();
        keys.add(element.toString());
        path = join(path, element.toString());
      } else if (value instanceof YamlList list && element instanceof Integer index) {
        value = list.items().get(index);
        path = path + "[" + index + "]";
      } else {
        path = join(path, element.toString());
      }
    }
    return new Located(value, path, keys);
  }

  private static String join(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private static JsonNode toJson(YamlValue value) {
    if (value instanceof YamlMap map) {
      ObjectNode node = NODES.objectNode();
      map.entries().forEach((key, entry) -> node.set(key, toJson(entry.value())));
      return node;
    }
    if (value instanceof YamlList list) {
      ArrayNode node = NODES.arrayNode();
      list.items().forEach(item -> node.add(toJson(item)));
      return node;
    }
    return toJson((YamlScalar) value);
  }

  private static JsonNode toJson(YamlScalar scalar) {
    return switch (scalar.kind()) {
      case TEXT -> NODES.stringNode(scalar.text());
      case BOOLEAN -> NODES.booleanNode(Boolean.parseBoolean(scalar.text()));
      case NOTHING -> NODES.nullNode();
      case INTEGER -> NODES.numberNode(new BigInteger(scalar.text()));
      case DECIMAL -> decimal(scalar.text());
    };
  }

  private static JsonNode decimal(String text) {
    try {
      return NODES.numberNode(new BigDecimal(text));
    } catch (NumberFormatException notFinite) {
      // .inf and .nan are numbers in YAML, but no amount of anything.
      return NODES.stringNode(text);
    }
  }

  private static JsonNode readSchema() {
    try (InputStream stream = SchemaCheck.class.getResourceAsStream(RESOURCE)) {
      return JsonMapper.shared().readTree(stream);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
