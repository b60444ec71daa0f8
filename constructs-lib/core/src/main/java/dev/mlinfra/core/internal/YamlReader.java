package dev.mlinfra.core.internal;

import dev.mlinfra.core.Position;
import dev.mlinfra.core.Problem;
import dev.mlinfra.core.internal.YamlValue.Entry;
import dev.mlinfra.core.internal.YamlValue.Kind;
import dev.mlinfra.core.internal.YamlValue.YamlList;
import dev.mlinfra.core.internal.YamlValue.YamlMap;
import dev.mlinfra.core.internal.YamlValue.YamlScalar;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * Reads a YAML file into {@link YamlValue}s.
 *
 * <p>It works on the parser's events, not on its node tree: so duplicate keys, depth, and aliases
 * are bounded while they are read, and every value keeps its line and column.
 */
final class YamlReader {
  /** Larger than any environment file; smaller than what would make a mistake slow. */
  static final long LARGEST_FILE_BYTES = 256 * 1024;

  private static final int DEEPEST_NESTING = 20;
  private static final long MOST_VALUES = 10_000;
  private static final LoadSettings SETTINGS =
      LoadSettings.builder().setSchema(new CoreSchema()).setUseMarks(true).build();

  private static final Pattern NOT_DECIMAL = Pattern.compile("0[xo].*");

  private final String file;
  private final List<Problem> problems;
  private final ScalarResolver resolver = SETTINGS.getSchema().getScalarResolver();
  private final Map<Anchor, YamlValue> anchors = new HashMap<>();
  private Iterator<Event> events;
  private Position lastPosition;

  private YamlReader(String file, List<Problem> problems) {
    this.file = file;
    this.problems = problems;
    this.lastPosition = new Position(file, 1, 1);
  }

  /**
   * Reads a file that must hold one map.
   *
   * @param path the file
   * @param label its name in messages
   * @param problems takes what is wrong
   * @return the map, or empty when the file could not be understood
   */
  static Optional<YamlMap> read(Path path, String label, List<Problem> problems) {
    YamlReader reader = new YamlReader(label, problems);
    return reader.text(path).flatMap(reader::parse);
  }

  private Optional<String> text(Path path) {
    if (!Files.exists(path)) {
      return wrongFile("no such file", "an environment file", "check the name");
    }
    if (!Files.isRegularFile(path)) {
      return wrongFile("is not a file", "an environment file", "name a file, not a folder");
    }
    try {
      long bytes = Files.size(path);
      if (bytes > LARGEST_FILE_BYTES) {
        return wrongFile(
            "is " + bytes + " bytes long",
            "at most " + LARGEST_FILE_BYTES + " bytes",
            "keep data out of environment files");
      }
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(Files.readAllBytes(path)))
              .toString();
      if (text.indexOf('\0') >= 0) {
        return wrongFile("is a binary file", "YAML text in UTF-8", "");
      }
      if (text.isBlank()) {
        return wrongFile(
            "is empty",
            "a map that starts with schema: mlinfra/v1",
            "start from environments/dev.yaml");
      }
      return Optional.of(text);
    } catch (CharacterCodingException e) {
      return wrongFile("is not UTF-8 text", "YAML text in UTF-8", "save the file as UTF-8");
    } catch (IOException e) {
      return wrongFile("cannot be read: " + e.getMessage(), "a readable file", "check its rights");
    }
  }

  private Optional<String> wrongFile(String given, String allowed, String fix) {
    problems.add(Problem.in(new Position(file, 1, 1), "", given, allowed, fix));
    return Optional.empty();
  }

  private Optional<YamlMap> parse(String text) {
    try {
      events = new Parse(SETTINGS).parseString(text).iterator();
      Event event = nextNode();
      if (!(event instanceof NodeEvent)) {
        return none(event, "holds no value", "a map that starts with schema: mlinfra/v1", "");
      }
      YamlValue value = value(event, "", 0);
      Event end = nextNode();
      if (end instanceof NodeEvent) {
        return none(end, "a second document starts here", "one document", "remove the line '---'");
      }
      if (value instanceof YamlMap map) {
        return Optional.of(map);
      }
      problems.add(
          Problem.in(
              value.position(),
              "",
              "is not a map",
              "key: value lines such as schema: mlinfra/v1",
              ""));
      return Optional.empty();
    } catch (Unreadable e) {
      problems.add(e.problem);
    } catch (ReaderException e) {
      problems.add(
          Problem.in(
              new Position(file, 1, 1),
              "",
              "holds a character that YAML forbids, U+" + String.format("%04X", e.getCodePoint()),
              "printable text",
              "remove it"));
    } catch (MarkedYamlEngineException e) {
      problems.add(syntax(e));
    } catch (NumberFormatException e) {
      // The parser does not check what follows \\x, \\u and \\U.
      problems.add(
          Problem.in(
              lastPosition,
              "",
              "is not YAML: an escape after this place is malformed",
              "\\x and 2, \\u and 4 or \\U and 8 hexadecimal digits",
              "use single quotes for text with a backslash"));
    } catch (YamlEngineException e) {
      problems.add(
          Problem.in(new Position(file, 1, 1), "", "is not YAML: " + e.getMessage(), "YAML", ""));
    }
    return Optional.empty();
  }

  private <T> Optional<T> none(Event event, String given, String allowed, String fix) {
    problems.add(Problem.in(position(event), "", given, allowed, fix));
    return Optional.empty();
  }

  private Problem syntax(MarkedYamlEngineException e) {
    Position at = e.getProblemMark().map(this::position).orElse(new Position(file, 1, 1));
    String what = e.getProblem() == null ? e.getMessage() : e.getProblem();
    boolean tab = what.contains("'\\t") || what.contains("TAB");
    return tab
        ? Problem.in(at, "", "a tab", "spaces: YAML forbids tabs as indentation", "use two spaces")
        : Problem.in(
            at, "", "is not YAML: " + what, "YAML", "look at this line and at the one above");
  }

  /** The next event that is not mere framing of the stream or the document. */
  private Event nextNode() {
    Event event = events.next();
    while (switch (event.getEventId()) {
      case StreamStart, DocumentStart, DocumentEnd, Comment -> true;
      default -> false;
    }) {
      event = events.next();
    }
    lastPosition = position(event);
    return event;
  }

  private YamlValue value(Event event, String path, int depth) {
    if (depth > DEEPEST_NESTING) {
      throw new Unreadable(
          Problem.in(
              position(event), path, "is nested too deeply", DEEPEST_NESTING + " levels", ""));
    }
    if (event instanceof AliasEvent alias) {
      return alias(alias, path);
    }
    YamlValue value =
        switch (event.getEventId()) {
          case MappingStart -> map((MappingStartEvent) event, path, depth);
          case SequenceStart -> list((SequenceStartEvent) event, path, depth);
          default -> scalar((ScalarEvent) event, path);
        };
    if (value.size() > MOST_VALUES) {
      throw new Unreadable(
          Problem.in(
              position(event),
              path,
              "grows to " + value.size() + " values when its aliases are written out",
              "at most " + MOST_VALUES,
              "remove the aliases"));
    }
    ((NodeEvent) event).getAnchor().ifPresent(anchor -> anchors.put(anchor, value));
    return value;
  }

  private YamlValue alias(AliasEvent event, String path) {
    YamlValue value = anchors.get(event.getAlias());
    if (value == null) {
      throw new Unreadable(
          Problem.in(
              position(event),
              path,
              "alias *" + event.getAlias() + " has no anchor before it",
              "an alias of a finished value",
              ""));
    }
    return value;
  }

  private YamlMap map(MappingStartEvent start, String path, int depth) {
    Map<String, Entry> entries = new LinkedHashMap<>();
    for (Event event = nextNode(); event.getEventId() != Event.ID.MappingEnd; event = nextNode()) {
      if (!(event instanceof ScalarEvent key)) {
        throw new Unreadable(
            Problem.in(
                position(event), path, "a key that is not a word", "plain words as keys", ""));
      }
      String name = key.getValue();
      String childPath = path.isEmpty() ? name : path + "." + name;
      Position at = position(key);
      Entry entry = new Entry(at, value(nextNode(), childPath, depth + 1));
      Entry first = entries.putIfAbsent(name, entry);
      if (first != null) {
        problems.add(
            Problem.in(
                at,
                childPath,
                "the key stands here a second time",
                "each key once",
                "remove this one or the one in line " + first.key().line()));
      }
    }
    return new YamlMap(position(start), entries);
  }

  private YamlList list(SequenceStartEvent start, String path, int depth) {
    List<YamlValue> items = new ArrayList<>();
    for (Event event = nextNode(); event.getEventId() != Event.ID.SequenceEnd; event = nextNode()) {
      items.add(value(event, path + "[" + items.size() + "]", depth + 1));
    }
    return new YamlList(position(start), items);
  }

  private YamlScalar scalar(ScalarEvent event, String path) {
    // A tag would let the text be one thing and its kind another.
    event
        .getTag()
        .ifPresent(
            tag -> {
              throw new Unreadable(
                  Problem.in(
                      position(event),
                      path,
                      "has the tag " + tag,
                      "values without tags",
                      "remove the tag"));
            });
    String text = event.getValue();
    Tag tag = resolver.resolve(text, event.getImplicit().canOmitTagInPlainScalar());
    if (tag.equals(Tag.INT) && NOT_DECIMAL.matcher(text).matches()) {
      problems.add(
          Problem.in(
              position(event),
              path,
              "given " + text + ", a number that is not decimal",
              "decimal numbers",
              "write it with the digits 0 to 9"));
      return new YamlScalar(position(event), text, Kind.TEXT);
    }
    Kind kind;
    if (tag.equals(Tag.STR)) {
      kind = Kind.TEXT;
    } else if (tag.equals(Tag.INT)) {
      kind = Kind.INTEGER;
    } else if (tag.equals(Tag.FLOAT)) {
      kind = Kind.DECIMAL;
    } else if (tag.equals(Tag.BOOL)) {
      kind = Kind.BOOLEAN;
    } else if (tag.equals(Tag.NULL)) {
      kind = Kind.NOTHING;
    } else {
      throw new IllegalStateException("the core schema has no " + tag);
    }
    return new YamlScalar(position(event), text, kind);
  }

  private Position position(Event event) {
    return event.getStartMark().map(this::position).orElse(new Position(file, 1, 1));
  }

  private Position position(Mark mark) {
    return new Position(file, mark.getLine() + 1, mark.getColumn() + 1);
  }

  /** Ends the reading of a file that cannot be understood any further. */
  private static final class Unreadable extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Problem problem;

    Unreadable(Problem problem) {
      super(problem.toString(), null, false, false);
      this.problem = problem;
    }
  }
}
