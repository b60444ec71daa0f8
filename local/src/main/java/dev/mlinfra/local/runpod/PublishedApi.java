package dev.mlinfra.local.runpod;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * RunPod's published description of REST v2, compared with the one that the provider, the commands
 * and the emulator were built against. What else is published is of no concern.
 */
public final class PublishedApi {
  private static final JsonMapper JSON = new JsonMapper();

  /** Written after a page of the vendor's, since the description has them not. */
  private static final String SECRETS = "/v2/account/secrets";

  private static final String REF = "$ref";

  /** Keywords of JSON Schema that decide; the others only explain. */
  private static final Set<String> KEYWORDS =
      Set.of(
          REF,
          "additionalProperties",
          "allOf",
          "anyOf",
          "const",
          "default",
          "dependentRequired",
          "else",
          "enum",
          "format",
          "if",
          "items",
          "maxItems",
          "maxLength",
          "maximum",
          "minItems",
          "minLength",
          "minProperties",
          "minimum",
          "not",
          "oneOf",
          "pattern",
          "properties",
          "required",
          "then",
          "type",
          "unevaluatedProperties",
          "uniqueItems");

  private final JsonNode table;
  private final JsonNode published;
  private final List<String> found = new ArrayList<>();

  private PublishedApi(JsonNode table, JsonNode published) {
    this.table = table;
    this.published = published;
  }

  /** The day on which the vendor's description was read, such as {@code 2026-08-20}. */
  public static String builtAgainst() {
    return table().path("read").asString("");
  }

  /**
   * Where a description differs, one line each; none when it is the same.
   *
   * @param openApi the description, JSON
   * @throws IllegalArgumentException when it is none
   */
  public static List<String> differences(String openApi) {
    JsonNode published;
    try {
      published = JSON.readTree(openApi);
    } catch (JacksonException problem) {
      throw new IllegalArgumentException("it is no JSON", problem);
    }
    if (!published.path("paths").isObject() || !published.at("/components/schemas").isObject()) {
      throw new IllegalArgumentException("it has no paths and schemas of OpenAPI");
    }
    PublishedApi comparison = new PublishedApi(table(), published);
    comparison.compare();
    return List.copyOf(comparison.found);
  }

  private static JsonNode table() {
    try (InputStream file = PublishedApi.class.getResourceAsStream("rest-v2.json")) {
      return JSON.readTree(file);
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    }
  }

  private void compare() {
    Set<String> reached = new TreeSet<>();
    for (JsonNode operation : table.path("operations")) {
      if (!operation.path("path").asString().startsWith(SECRETS)) {
        operation(operation, reached);
      }
    }
    reached.add("ErrorResponse");
    for (String name : new TreeSet<>(withReferences(reached))) {
      compare(
          name,
          table.path("$defs").path(name),
          kept(published.at("/components/schemas").path(name)));
    }
  }

  private void operation(JsonNode ours, Set<String> reached) {
    String method = ours.path("method").asString();
    String path = ours.path("path").asString();
    String where = method + " " + path;
    JsonNode theirs = published.path("paths").path(path).path(method.toLowerCase(Locale.ROOT));
    if (theirs.isMissingNode()) {
      found.add(where + ": gone from the description");
      return;
    }
    String request = ours.path("request").asString("");
    String theirRequest = schemaOf(theirs.path("requestBody").path("content"));
    if (!request.equals(theirRequest)) {
      found.add(where + ": takes '" + theirRequest + "', was '" + request + "'");
    }
    reached.add(request);
    ours.path("responses")
        .properties()
        .forEach(
            response -> {
              String name = response.getValue().asString("");
              JsonNode their = theirs.path("responses").path(response.getKey());
              String theirName = schemaOf(their.path("content"));
              if (their.isMissingNode() || !name.equals(theirName)) {
                found.add(
                    where
                        + ": answers %s with '%s', was '%s'"
                            .formatted(response.getKey(), theirName, name));
              }
              reached.add(name);
            });
    reached.remove("");
  }

  private static String schemaOf(JsonNode content) {
    return content
        .valueStream()
        .map(kind -> kind.path("schema").path(REF).asString(""))
        .map(name -> name.substring(name.lastIndexOf('/') + 1))
        .findFirst()
        .orElse("");
  }

  private Set<String> withReferences(Set<String> names) {
    Set<String> all = new TreeSet<>();
    List<String> left = new ArrayList<>(names);
    while (!left.isEmpty()) {
      String name = left.remove(left.size() - 1);
      if (all.add(name)) {
        table
            .path("$defs")
            .path(name)
            .findValuesAsString(REF)
            .forEach(ref -> left.add(ref.substring(ref.lastIndexOf('/') + 1)));
      }
    }
    return all;
  }

  /** A schema without what only explains, its references as ours are. */
  private static JsonNode kept(JsonNode schema) {
    if (!schema.isObject()) {
      return schema;
    }
    ObjectNode kept = JSON.createObjectNode();
    for (var entry : schema.properties()) {
      String keyword = entry.getKey();
      JsonNode value = entry.getValue();
      if (!KEYWORDS.contains(keyword)) {
        continue;
      }
      switch (keyword) {
        case "properties" -> {
          ObjectNode properties = kept.putObject(keyword);
          value.properties().forEach(one -> properties.set(one.getKey(), kept(one.getValue())));
        }
        case "allOf", "anyOf", "oneOf" -> {
          ArrayNode all = kept.putArray(keyword);
          value.forEach(one -> all.add(kept(one)));
        }
        case "items",
            "not",
            "if",
            "then",
            "else",
            "additionalProperties",
            "unevaluatedProperties" ->
            kept.set(keyword, kept(value));
        case REF ->
            kept.put(keyword, value.asString().replace("#/components/schemas/", "#/$defs/"));
        default -> kept.set(keyword, value);
      }
    }
    return kept;
  }

  private void compare(String where, JsonNode ours, JsonNode theirs) {
    if (ours.isObject() && theirs.isObject()) {
      Set<String> names = new TreeSet<>(ours.propertyNames());
      names.addAll(theirs.propertyNames());
      for (String name : names) {
        String place = where + "/" + name;
        if (!theirs.has(name)) {
          found.add(place + ": gone from the description");
        } else if (!ours.has(name)) {
          found.add(place + ": new in the description");
        } else {
          compare(place, ours.get(name), theirs.get(name));
        }
      }
    } else if (!ours.equals(theirs)) {
      found.add(where + ": was " + ours + ", is " + (theirs.isMissingNode() ? "gone" : theirs));
    }
  }
}
