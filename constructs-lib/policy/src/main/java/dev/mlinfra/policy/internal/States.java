package dev.mlinfra.policy.internal;

import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The Step Functions state machines of a model and their task states; see {@link #of}. */
public final class States {
  /**
   * A state machine.
   *
   * @param resource the resource
   * @param at the property that holds the definition
   * @param definition the definition; what only the deployment or the execution knows is a symbol
   * @param states its states that call a service, at any depth
   */
  public record Machine(Resource resource, String at, Value definition, List<State> states) {
    public Machine {
      states = List.copyOf(states);
    }

    /** Whether the definition stands in the template, as JSON that can be read. */
    public boolean isReadable() {
      return definition instanceof Value.Mapping;
    }
  }

  /**
   * A state that calls a service.
   *
   * @param machine the state machine
   * @param name its name, which no other state of the machine has
   * @param path where it stands in the definition, such as {@code
   *     States.Each.Iterator.States.Train}
   * @param calls what it calls, such as {@code arn:aws:states:::batch:submitJob.sync}
   * @param body the whole state
   */
  public record State(Resource machine, String name, String path, String calls, Value body) {
    /** What it calls the service with; what the execution puts in is {@code Unknown}. */
    public Value arguments() {
      return body.entry(argumentsName());
    }

    /** {@code Arguments} of JSONata, {@code Parameters} of JSONPath. */
    public String argumentsName() {
      return body.asMap().containsKey("Arguments") ? "Arguments" : "Parameters";
    }

    /** Path of the arguments in the definition, such as {@code States.Train.Parameters}. */
    public String at() {
      return path + "." + argumentsName();
    }

    /** Where it is, by its name alone, such as {@code States.Train}. */
    public String place() {
      return "States." + name;
    }
  }

  /** Digits that stand for a symbol: they are read with quotes around them and without. */
  private static final String MARK = "7281904650";

  private static final int DIGITS = 5;
  private static final int MOST_SYMBOLS = 99_999;
  private static final Pattern MARKED = Pattern.compile(MARK + "([0-9]{" + DIGITS + "})");

  private final Inspection inspection;
  private final List<Machine> machines;

  private States(Inspection inspection) {
    this.inspection = inspection;
    machines =
        inspection.resources("AWS::StepFunctions::StateMachine").stream().map(this::read).toList();
  }

  /** Every state machine. */
  public static List<Machine> machines(Inspection inspection) {
    return inspection.prepared(States.class, States::new).machines;
  }

  /** The states that call an action such as {@code batch:submitJob}, in whatever way. */
  public static List<State> of(Inspection inspection, String action) {
    return machines(inspection).stream()
        .flatMap(machine -> machine.states().stream())
        .filter(state -> state.calls().contains(":" + action))
        .toList();
  }

  private Machine read(Resource machine) {
    Value text = inspection.property(machine, "DefinitionString");
    Map<String, Value> substitutions =
        inspection.property(machine, "DefinitionSubstitutions").asMap();
    Value definition =
        text.isMissing()
            ? substituted(inspection.property(machine, "Definition"), substitutions)
            : parsed(machine, text, substitutions);
    List<State> states = new ArrayList<>();
    collect(machine, definition, "", states);
    String at = text.isMissing() ? "Definition" : "DefinitionString";
    return new Machine(machine, at, definition, states);
  }

  private void collect(Resource machine, Value definition, String at, List<State> states) {
    definition
        .entry("States")
        .asMap()
        .forEach(
            (name, body) -> {
              String here = at + "States." + name;
              Value calls = body.entry("Resource");
              if (!calls.isMissing()) {
                // The partition of an ARN is often known only when deployed.
                String text = calls.resolvedText(inspection.context(machine)).toString();
                states.add(new State(machine, name, here, text, body));
              }
              List<Value> branches = body.entry("Branches").asList();
              for (int i = 0; i < branches.size(); i++) {
                collect(machine, branches.get(i), here + ".Branches[" + i + "].", states);
              }
              collect(machine, body.entry("Iterator"), here + ".Iterator.", states);
              collect(machine, body.entry("ItemProcessor"), here + ".ItemProcessor.", states);
            });
  }

  // ---- a definition that is a text

  private Value parsed(Resource machine, Value text, Map<String, Value> substitutions) {
    List<Value> symbols = new ArrayList<>();
    StringBuilder json = new StringBuilder();
    for (Value part : text.resolvedText(inspection.context(machine)).parts()) {
      json.append(part instanceof Value.Text known ? known.text() : mark(part, symbols));
    }
    String whole = filledIn(json.toString(), substitutions, symbols);
    if (symbols.size() > MOST_SYMBOLS) {
      return new Value.Missing();
    }
    try {
      return value(JsonMapper.shared().readTree(whole), symbols);
    } catch (JacksonException e) {
      return new Value.Unknown("a definition that is no JSON", text);
    }
  }

  private static String filledIn(
      String text, Map<String, Value> substitutions, List<Value> symbols) {
    String filled = text;
    for (Map.Entry<String, Value> each : substitutions.entrySet()) {
      String name = "${" + each.getKey() + "}";
      if (filled.contains(name)) {
        filled = filled.replace(name, mark(each.getValue(), symbols));
      }
    }
    return filled;
  }

  private static String mark(Value symbol, List<Value> symbols) {
    symbols.add(symbol);
    return MARK + String.format("%0" + DIGITS + "d", symbols.size() - 1);
  }

  private static Value value(JsonNode node, List<Value> symbols) {
    if (node.isObject()) {
      Map<String, Value> entries = new LinkedHashMap<>();
      node.properties()
          .forEach(it -> put(entries, name(it.getKey(), symbols), value(it.getValue(), symbols)));
      return new Value.Mapping(entries);
    }
    if (node.isArray()) {
      return new Value.Sequence(node.values().stream().map(item -> value(item, symbols)).toList());
    }
    if (node.isBoolean()) {
      return new Value.Bool(node.booleanValue());
    }
    if (node.isNull()) {
      return new Value.Null();
    }
    Value text = unmarked(node.asString(), symbols);
    return node.isNumber() ? text.asNumber().<Value>map(Value.Num::new).orElse(text) : text;
  }

  private static Value unmarked(String text, List<Value> symbols) {
    List<Value> parts = new ArrayList<>();
    Matcher marks = MARKED.matcher(text);
    int from = 0;
    while (marks.find()) {
      int index = Integer.parseInt(marks.group(1));
      if (index < symbols.size()) {
        add(new Value.Text(text.substring(from, marks.start())), parts);
        add(symbols.get(index), parts);
        from = marks.end();
      }
    }
    add(new Value.Text(text.substring(from)), parts);
    return joined(parts);
  }

  /** A name of a state can hold a symbol too. */
  private static String name(String key, List<Value> symbols) {
    Value name = unmarked(key, symbols);
    return name.asText().orElseGet(name::toJson);
  }

  // ---- a definition that is an object

  private static Value substituted(Value value, Map<String, Value> substitutions) {
    if (value instanceof Value.Mapping mapping) {
      Map<String, Value> entries = new LinkedHashMap<>();
      mapping
          .entries()
          .forEach((key, entry) -> put(entries, key, substituted(entry, substitutions)));
      return new Value.Mapping(entries);
    }
    if (value instanceof Value.Sequence sequence) {
      return new Value.Sequence(
          sequence.items().stream().map(item -> substituted(item, substitutions)).toList());
    }
    if (value instanceof Value.Text text) {
      List<Value> symbols = new ArrayList<>();
      return unmarked(filledIn(text.text(), substitutions, symbols), symbols);
    }
    return value;
  }

  // ---- both

  /** A name that ends in {@code .$} takes a part of the state's input. */
  private static void put(Map<String, Value> entries, String key, Value value) {
    if (key.endsWith(".$")) {
      // Nothing raw: what the execution puts in is certainly there, whatever it is.
      entries.put(
          key.substring(0, key.length() - 2),
          new Value.Unknown("a part of the input", new Value.Null()));
    } else {
      entries.put(key, value);
    }
  }

  /** Neighbours that are known become one text. */
  private static void add(Value part, List<Value> parts) {
    int last = parts.size() - 1;
    Optional<String> text = part.asText();
    Optional<String> before = last < 0 ? Optional.empty() : parts.get(last).asText();
    if (text.isPresent() && before.isPresent() && !text.get().isEmpty()) {
      parts.set(last, new Value.Text(before.get() + text.get()));
    } else if (!text.equals(Optional.of(""))) {
      parts.add(part);
    }
  }

  private static Value joined(List<Value> parts) {
    if (parts.isEmpty()) {
      return new Value.Text("");
    }
    if (parts.size() > 1) {
      return new Value.Join("", new Value.Sequence(parts));
    }
    return parts.get(0) instanceof Value.Text text ? computed(text) : parts.get(0);
  }

  /** A text that begins with a brace and a per cent sign is computed by the execution. */
  private static Value computed(Value.Text text) {
    return text.text().startsWith("{%") ? new Value.Unknown("computed", text) : text;
  }
}
