package dev.mlinfra.template.internal;

import dev.mlinfra.template.internal.Node.Kind;
import dev.mlinfra.template.internal.Node.ListNode;
import dev.mlinfra.template.internal.Node.MapNode;
import dev.mlinfra.template.internal.Node.ScalarNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;

/** Reads JSON. */
final class JsonNodes {
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(Limits.DEEPEST_NESTING)
                  .maxStringLength((int) Limits.MOST_BYTES)
                  .build())
          .build();

  private final String file;
  private final JsonParser parser;
  private long values;

  private JsonNodes(String file, JsonParser parser) {
    this.file = file;
    this.parser = parser;
  }

  static Node read(String file, String text) {
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), text)) {
      parser.nextToken();
      JsonNodes reader = new JsonNodes(file, parser);
      Node node = reader.value("");
      if (parser.nextToken() != null) {
        TokenStreamLocation at = parser.currentTokenLocation();
        throw Unreadable.at(
            file,
            at.getLineNr(),
            at.getColumnNr(),
            "",
            "a second document starts here",
            "one JSON document",
            "");
      }
      return node;
    } catch (JacksonException e) {
      TokenStreamLocation at = e.getLocation();
      throw Unreadable.at(
          file,
          at == null ? 1 : Math.max(1, at.getLineNr()),
          at == null ? 1 : Math.max(1, at.getColumnNr()),
          "",
          "is not JSON that can be read: " + reason(e),
          "JSON, nested at most " + Limits.DEEPEST_NESTING + " deep",
          "look at this line and at the one above");
    }
  }

  /** The first line of the parser's message, without what it quotes: that can be a secret. */
  private static String reason(JacksonException e) {
    String message = e.getOriginalMessage() == null ? "malformed" : e.getOriginalMessage();
    String line = message.lines().findFirst().orElse("malformed");
    int quoted = line.indexOf('\'');
    return quoted > 0 ? line.substring(0, quoted).strip() : line;
  }

  private Node value(String path) {
    TokenStreamLocation at = parser.currentTokenLocation();
    int line = at.getLineNr();
    int column = at.getColumnNr();
    values++;
    if (values > Limits.MOST_VALUES) {
      throw Unreadable.at(
          file, line, column, path, "more values than that", "at most " + Limits.MOST_VALUES, "");
    }
    JsonToken token = parser.currentToken();
    if (token == null) {
      throw Unreadable.at(file, line, column, path, "ends too early", "a whole JSON document", "");
    }
    return switch (token) {
      case START_OBJECT -> map(line, column, path);
      case START_ARRAY -> list(line, column, path);
      case VALUE_STRING -> new ScalarNode(line, column, parser.getString(), Kind.TEXT);
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
          new ScalarNode(line, column, parser.getString(), Kind.NUMBER);
      case VALUE_TRUE, VALUE_FALSE ->
          new ScalarNode(line, column, parser.getString(), Kind.BOOLEAN);
      default -> new ScalarNode(line, column, "null", Kind.NOTHING);
    };
  }

  private MapNode map(int line, int column, String path) {
    Map<String, Node> entries = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      TokenStreamLocation at = parser.currentTokenLocation();
      String childPath = path.isEmpty() ? key : path + "." + key;
      parser.nextToken();
      if (entries.putIfAbsent(key, value(childPath)) != null) {
        throw Unreadable.at(
            file,
            at.getLineNr(),
            at.getColumnNr(),
            childPath,
            "the key stands here a second time",
            "each key once",
            "remove one of them");
      }
    }
    return new MapNode(line, column, entries);
  }

  private ListNode list(int line, int column, String path) {
    List<Node> items = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      items.add(value(path + "[" + items.size() + "]"));
    }
    return new ListNode(line, column, items);
  }
}
