package dev.mlinfra.tests;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The keys of an environment file, out of their schema. */
final class EnvironmentTable {
  private final JsonNode schema;
  private final StringBuilder rows = new StringBuilder();
  private final List<String> problems = new ArrayList<>();

  /** Reads a schema. */
  EnvironmentTable(JsonNode schema) {
    this.schema = schema;
    object(schema, "");
  }

  /** The table in Markdown. */
  String markdown() {
    return "| key | type | allowed | default | what |\n|---|---|---|---|---|" + rows;
  }

  /** Keys of which the schema does not say enough. */
  List<String> problems() {
    return problems;
  }

  private void object(JsonNode object, String path) {
    Set<String> required = new HashSet<>();
    object.path("required").forEach(name -> required.add(name.stringValue()));
    for (Map.Entry<String, JsonNode> entry : object.path("properties").properties()) {
      key(entry.getValue(), path + entry.getKey(), required.contains(entry.getKey()));
    }
  }

  private void key(JsonNode key, String path, boolean required) {
    String[] sentences = text(key, "description").split("\\s?Default: ", 2);
    boolean section = key.has("properties");
    String defaultText = "";
    if (required) {
      defaultText = "required";
    } else if (key.has("default")) {
      defaultText = "`" + plain(key.path("default")) + "`";
    } else if (sentences.length == 2) {
      defaultText = sentences[1].replaceFirst("\\.$", "");
    } else if (!section) {
      problems.add(path + ": has neither a default nor a sentence \"Default: ….\"");
    }
    if (sentences[0].isBlank()) {
      problems.add(path + ": has no description");
    }
    rows.append(
        "\n| `%s` | %s | %s | %s | %s |"
            .formatted(path, type(key), allowed(key), defaultText, sentences[0])
            .replaceAll("\\|  (?=\\|)", "| "));
    object(key, path + ".");
    object(key.path("items"), path + "[].");
  }

  private String type(JsonNode key) {
    String type = text(key, "type");
    if (type.equals("object")) {
      return "map";
    }
    if (type.isEmpty()) {
      return key.path("enum").path(0).isNumber() ? "integer" : "string";
    }
    return type.equals("array") ? "list" : type;
  }

  private String allowed(JsonNode key) {
    if (key.has("const")) {
      return "`" + plain(key.path("const")) + "`";
    }
    if (key.has("enum")) {
      List<String> values = new ArrayList<>();
      key.path("enum").forEach(value -> values.add("`" + plain(value) + "`"));
      return String.join(", ", values);
    }
    if (key.has("items") && key.path("items").has("properties")) {
      return "at most %s maps".formatted(plain(value(key, "maxItems")));
    }
    if (key.has("items")) {
      String least = plain(value(key, "minItems"));
      String most = plain(value(key, "maxItems"));
      return "%s, each %s"
          .formatted(
              least.isEmpty() ? "at most " + most : least + " to " + most,
              allowed(key.path("items")));
    }
    if (key.path("additionalProperties").isObject()) {
      return "at most %s, each %s"
          .formatted(plain(value(key, "maxProperties")), allowed(key.path("additionalProperties")));
    }
    if (!value(key, "x-allowed").isMissingNode()) {
      boolean variable = key.path("x-environment-variable").asBoolean(false);
      return text(key, "x-allowed") + (variable ? ", or `${env:NAME}`" : "");
    }
    List<String> bounds = new ArrayList<>();
    bound(key, "minimum", "at least ", bounds);
    bound(key, "exclusiveMinimum", "more than ", bounds);
    bound(key, "maximum", "at most ", bounds);
    return String.join(", ", bounds);
  }

  private void bound(JsonNode key, String name, String words, List<String> bounds) {
    if (!value(key, name).isMissingNode()) {
      bounds.add(words + plain(value(key, name)));
    }
  }

  private String text(JsonNode key, String name) {
    return plain(value(key, name)).replace("|", "\\|");
  }

  /** What the key says itself, or else the definition that it refers to. */
  private JsonNode value(JsonNode key, String name) {
    return key.has(name) || !key.has("$ref")
        ? key.path(name)
        : schema.at(key.path("$ref").stringValue().substring(1)).path(name);
  }

  private static String plain(JsonNode value) {
    if (value.isMissingNode()) {
      return "";
    }
    return value.isString() ? value.stringValue() : value.toString();
  }
}
