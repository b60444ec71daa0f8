package dev.mlinfra.template.internal;

import dev.mlinfra.core.ValidationException;
import dev.mlinfra.template.internal.Node.Kind;
import dev.mlinfra.template.internal.Node.ListNode;
import dev.mlinfra.template.internal.Node.MapNode;
import dev.mlinfra.template.internal.Node.ScalarNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads YAML the way CloudFormation does: YAML 1.1 without dates, with short tags for functions.
 *
 * <p>It works on the parser's events, so that depth and aliases are bounded while they are read.
 */
final class YamlNodes {
  private static final LoadSettings SETTINGS =
      LoadSettings.builder().setUseMarks(true).setCodePointLimit((int) Limits.MOST_BYTES).build();
  private static final Set<String> TRUE = Set.of("true", "yes", "on");
  private static final Set<String> FALSE = Set.of("false", "no", "off");

  /** A leading zero keeps a text a text: an account id is one, and as a number it would lose it. */
  private static final Pattern NUMBER =
      Pattern.compile("[-+]?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]{1,6})?");

  /** The standard tags by which a text says its own type. */
  private static final Map<String, Kind> STANDARD =
      Map.of(
          "tag:yaml.org,2002:str", Kind.TEXT,
          "tag:yaml.org,2002:int", Kind.NUMBER,
          "tag:yaml.org,2002:float", Kind.NUMBER,
          "tag:yaml.org,2002:bool", Kind.BOOLEAN,
          "tag:yaml.org,2002:null", Kind.NOTHING);

  private final String file;
  private final Map<Anchor, Node> anchors = new HashMap<>();
  private final Iterator<Event> events;
  private Event last;

  private YamlNodes(String file, Iterator<Event> events) {
    this.file = file;
    this.events = events;
  }

  static Node read(String file, String text) {
    try {
      YamlNodes reader = new YamlNodes(file, new Parse(SETTINGS).parseString(text).iterator());
      Event event = reader.next();
      if (!(event instanceof NodeEvent)) {
        throw reader.wrong(event, "", "holds no value", "a template");
      }
      Node node = reader.value(event, "", 0);
      Event end = reader.next();
      if (end instanceof NodeEvent) {
        throw reader.wrong(end, "", "a second document starts here", "one document");
      }
      return node;
    } catch (ReaderException e) {
      throw Unreadable.at(
          file,
          1,
          1,
          "",
          "holds a character that YAML forbids, U+" + String.format("%04X", e.getCodePoint()),
          "printable text",
          "remove it");
    } catch (MarkedYamlEngineException e) {
      Optional<Mark> mark = e.getProblemMark();
      String what = e.getProblem() == null ? "malformed" : e.getProblem();
      throw Unreadable.at(
          file,
          mark.map(Mark::getLine).orElse(0) + 1,
          mark.map(Mark::getColumn).orElse(0) + 1,
          "",
          "is not YAML: " + what,
          "YAML",
          "look at this line and at the one above");
    } catch (YamlEngineException e) {
      throw Unreadable.at(file, 1, 1, "", "is not YAML that can be read", "YAML", "");
    }
  }

  private Event next() {
    Event event = parsed();
    while (switch (event.getEventId()) {
      case StreamStart, DocumentStart, DocumentEnd, Comment -> true;
      default -> false;
    }) {
      event = parsed();
    }
    return event;
  }

  private Event parsed() {
    try {
      last = events.next();
      return last;
    } catch (IllegalArgumentException e) {
      // The parser does not check what stands behind a backslash: "\\u" without digits ends here.
      throw Unreadable.at(
          file,
          last == null ? 1 : line(last),
          last == null ? 1 : column(last),
          "",
          "a text after this place has a malformed escape",
          "four digits after \\u, eight after \\U",
          "");
    }
  }

  private ValidationException wrong(Event event, String path, String given, String allowed) {
    return Unreadable.at(file, line(event), column(event), path, given, allowed, "");
  }

  private static int line(Event event) {
    return event.getStartMark().map(Mark::getLine).orElse(0) + 1;
  }

  private static int column(Event event) {
    return event.getStartMark().map(Mark::getColumn).orElse(0) + 1;
  }

  private Node value(Event event, String path, int depth) {
    if (depth > Limits.DEEPEST_NESTING) {
      throw wrong(
          event, path, "is nested too deeply", "at most " + Limits.DEEPEST_NESTING + " levels");
    }
    if (event instanceof AliasEvent alias) {
      Node node = anchors.get(alias.getAlias());
      if (node == null) {
        throw wrong(event, path, "an alias without an anchor before it", "a finished value");
      }
      if (depth + node.height() > 2 * Limits.DEEPEST_NESTING) {
        throw wrong(event, path, "is nested too deeply, aliases written out", "fewer levels");
      }
      return node;
    }
    Node node =
        switch (event.getEventId()) {
          case MappingStart -> map((MappingStartEvent) event, path, depth);
          case SequenceStart -> list((SequenceStartEvent) event, path, depth);
          case Scalar -> scalar((ScalarEvent) event);
          default -> throw wrong(event, path, "ends too early", "a value");
        };
    if (node.size() > Limits.MOST_VALUES) {
      throw wrong(
          event, path, "is too large, aliases written out", "at most " + Limits.MOST_VALUES);
    }
    ((NodeEvent) event).getAnchor().ifPresent(anchor -> anchors.put(anchor, node));
    return node;
  }

  private Node map(MappingStartEvent start, String path, int depth) {
    Map<String, Node> entries = new LinkedHashMap<>();
    List<Node> merged = new ArrayList<>();
    for (Event event = next(); event.getEventId() != Event.ID.MappingEnd; event = next()) {
      if (!(event instanceof ScalarEvent key)) {
        throw wrong(event, path, "a key that is not a word", "plain words as keys");
      }
      String name = key.getValue();
      String childPath = path.isEmpty() ? name : path + "." + name;
      Node value = value(next(), childPath, depth + 1);
      if (name.equals("<<") && key.isPlain()) {
        merged.add(value);
      } else if (entries.putIfAbsent(name, value) != null) {
        throw wrong(event, childPath, "the key stands here a second time", "each key once");
      }
    }
    for (Node below : merged) {
      merge(below, entries);
    }
    return tagged(start, start.getTag(), new MapNode(line(start), column(start), entries));
  }

  private static void merge(Node below, Map<String, Node> entries) {
    below.map().forEach(entries::putIfAbsent);
    for (Node item : below.list()) {
      item.map().forEach(entries::putIfAbsent);
    }
  }

  private Node list(SequenceStartEvent start, String path, int depth) {
    List<Node> items = new ArrayList<>();
    for (Event event = next(); event.getEventId() != Event.ID.SequenceEnd; event = next()) {
      items.add(value(event, path + "[" + items.size() + "]", depth + 1));
    }
    return tagged(start, start.getTag(), new ListNode(line(start), column(start), items));
  }

  private Node scalar(ScalarEvent event) {
    String text = event.getValue();
    Optional<Kind> standard = event.getTag().map(STANDARD::get);
    boolean untyped = event.getTag().isEmpty() && event.isPlain();
    Kind kind = standard.orElseGet(() -> untyped ? kind(text) : Kind.TEXT);
    boolean untrue =
        kind == Kind.BOOLEAN && !TRUE.contains(lower(text)) && !FALSE.contains(lower(text));
    if (untrue || (kind == Kind.NUMBER && !NUMBER.matcher(text).matches())) {
      kind = Kind.TEXT;
    }
    String canonical =
        switch (kind) {
          case NUMBER -> text.startsWith("+") ? text.substring(1) : text;
          case BOOLEAN -> Boolean.toString(TRUE.contains(lower(text)));
          default -> text;
        };
    return tagged(
        event, event.getTag(), new ScalarNode(line(event), column(event), canonical, kind));
  }

  private static Kind kind(String text) {
    if (text.isEmpty() || text.equals("~") || lower(text).equals("null")) {
      return Kind.NOTHING;
    }
    if (TRUE.contains(lower(text)) || FALSE.contains(lower(text))) {
      return Kind.BOOLEAN;
    }
    return NUMBER.matcher(text).matches() ? Kind.NUMBER : Kind.TEXT;
  }

  /** Lower case of the three ways in which YAML writes such a word; others stay as they are. */
  private static String lower(String text) {
    String small = text.toLowerCase(Locale.ROOT);
    boolean oneWay =
        text.equals(small)
            || text.equals(text.toUpperCase(Locale.ROOT))
            || (!text.isEmpty() && text.substring(1).equals(small.substring(1)));
    return oneWay ? small : text;
  }

  /** {@code !Ref A} as {@code {Ref: A}}, {@code !Sub …} as {@code {Fn::Sub: …}}. */
  private static Node tagged(Event event, Optional<String> tag, Node node) {
    Optional<String> shortName =
        tag.filter(name -> name.startsWith("!") && name.length() > 1)
            .map(name -> name.substring(1));
    if (shortName.isEmpty()) {
      return node;
    }
    String name = shortName.get();
    boolean bare = name.equals("Ref") || name.equals("Condition");
    return new MapNode(line(event), column(event), Map.of(bare ? name : "Fn::" + name, node));
  }
}
