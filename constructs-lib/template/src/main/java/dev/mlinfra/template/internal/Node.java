package dev.mlinfra.template.internal;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What stands in a JSON or YAML file, with its place, before anybody says what it means.
 *
 * <p>YAML's short tags are already long: {@code !Ref A} is {@code {Ref: A}}.
 */
sealed interface Node {

  int line();

  int column();

  /** How many nodes it holds, itself included, aliases written out. */
  long size();

  /** How deep it goes, itself included, aliases written out. */
  int height();

  record MapNode(int line, int column, Map<String, Node> entries, long size, int height)
      implements Node {
    MapNode(int line, int column, Map<String, Node> entries) {
      this(
          line,
          column,
          entries,
          1 + entries.values().stream().mapToLong(Node::size).sum(),
          1 + entries.values().stream().mapToInt(Node::height).max().orElse(0));
    }
  }

  record ListNode(int line, int column, List<Node> items, long size, int height) implements Node {
    ListNode(int line, int column, List<Node> items) {
      this(
          line,
          column,
          items,
          1 + items.stream().mapToLong(Node::size).sum(),
          1 + items.stream().mapToInt(Node::height).max().orElse(0));
    }
  }

  record ScalarNode(int line, int column, String text, Kind kind) implements Node {
    @Override
    public long size() {
      return 1;
    }

    @Override
    public int height() {
      return 1;
    }
  }

  enum Kind {
    TEXT,
    NUMBER,
    BOOLEAN,
    NOTHING
  }

  /** The entry of a map; empty when there is none or this is no map. */
  default Optional<Node> get(String key) {
    return this instanceof MapNode map
        ? Optional.ofNullable(map.entries().get(key))
        : Optional.empty();
  }

  /** The text of an entry that is a text. */
  default Optional<String> text(String key) {
    return get(key).flatMap(Node::asText);
  }

  /** The text of a text. */
  default Optional<String> asText() {
    return this instanceof ScalarNode scalar && scalar.kind() == Kind.TEXT
        ? Optional.of(scalar.text())
        : Optional.empty();
  }

  /** The entries of a map; empty for everything else. */
  default Map<String, Node> map() {
    return this instanceof MapNode map ? map.entries() : Map.of();
  }

  /** The items of a list; empty for everything else. */
  default List<Node> list() {
    return this instanceof ListNode list ? list.items() : List.of();
  }
}
