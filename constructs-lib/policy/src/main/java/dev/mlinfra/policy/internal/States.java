package dev.mlinfra.policy.internal;

import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The task states of the Step Functions state machines of a model; see {@link #of}. */
public final class States {
  /**
   * A state that calls a service.
   *
   * @param machine the state machine
   * @param at path of the arguments in the definition, such as {@code States.Train.Parameters}
   * @param calls what it calls, such as {@code arn:aws:states:::batch:submitJob.sync}
   * @param arguments what it calls it with; what the execution puts in is {@code Unknown}
   */
  public record State(Resource machine, String at, String calls, Value arguments) {}

  /** Digits that stand for a symbol: they are read with quotes around them and without. */
  private static final String MARK = "7281904650";

  private static final int DIGITS = 5;
  private static final int MOST_SYMBOLS = 99_999;
  private static final Pattern MARKED = Pattern.compile(MARK + "([0-9]{" + DIGITS + "})");

  private final Inspection inspection;
  private final List<State> all = new ArrayList<>();

  private States(Inspection inspection) {
    this.inspection = inspection;
    inspection.resources("AWS::StepFunctions::StateMachine").forEach(this::read);
  }

  /** Every state that calls a service, where the definition stands in the template. */
  public static List<State> of(Inspection inspection) {
    return List.copyOf(inspection.prepared(States.class, States::new).all);
  }

  /** The states that call an action such as {@code batch:submitJob}, in whatever way. */
  public static List<State> of(Inspection inspection, String action) {
    return of(inspection).stream().filter(it -> it.calls().contains(":" + action)).toList();
  }

  private void read(Resource machine) {
    Value text = inspection.property(machine, "DefinitionString");
    Map<String, Value> substitutions =
        inspection.property(machine, "DefinitionSubstitutions").asMap();
    Value definition =
        text.isMissing()
            ? substituted(inspection.property(machine, "Definition"), substitutions)
            : parsed(machine, text, substitutions);
    states(machine, definition, "");
  }

  private void states(Resource machine, Value definition, String at) {
    definition
        .entry("States")
        .asMap()
        .forEach(
            (name, state) -> {
              String here = at + "States." + name + ".";
              String arguments =
                  state.asMap().containsKey("Arguments") ? "Arguments" : "Parameters";
              state
                  .entry("Resource")
                  .asText()
                  .ifPresent(
                      calls ->
                          all.add(
                              new State(machine, here + arguments, calls, state.entry(arguments))));
              List<Value> branches = state.entry("Branches").asList();
              for (int i = 0; i < branches.size(); i++) {
                states(machine, branches.get(i), here + "Branches[" + i + "].");
              }
              states(machine, state.entry("Iterator"), here + "Iterator.");
              states(machine, state.entry("ItemProcessor"), here + "ItemProcessor.");
            });
  }

  // ---- a definition that is a text

  private Value parsed(Resource machine, Value text, Map<String, Value> substitutions) {
    List<Value> symbols = new ArrayList<>();
    StringBuilder json = new StringBuilder();
    for (Value part : text.resolvedText(inspection.context(machine)).parts()) {
      json.append(part instanceof Value.Text known ? known.text() : mark(part, symbols));
    }
    String whole = json.toString();
    for (Map.Entry<String, Value> each : substitutions.entrySet()) {
      whole = whole.replace("${" + each.getKey() + "}", mark(each.getValue(), symbols));
    }
    if (symbols.size() > MOST_SYMBOLS) {
      return new Value.Missing();
    }
    try {
      return value(JsonMapper.shared().readTree(whole), symbols);
    } catch (JacksonException e) {
      return new Value.Unknown("a definition that is no JSON", text);
    }
  }

  private static String mark(Value symbol, List<Value> symbols) {
    symbols.add(symbol);
    return MARK + String.format("%0" + DIGITS + "d", symbols.size() - 1);
  }

  private static Value value(JsonNode node, List<Value> symbols) {
    if (node.isObject()) {
      Map<String, Value> entries = new LinkedHashMap<>();
      node.properties().forEach(it -> put(entries, it.getKey(), value(it.getValue(), symbols)));
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
    return node.isNumber() && text instanceof Value.Text
        ? new Value.Num(node.decimalValue())
        : text;
  }

  private static Value unmarked(String text, List<Value> symbols) {
    List<Value> parts = new ArrayList<>();
    Matcher marks = MARKED.matcher(text);
    int from = 0;
    while (marks.find()) {
      int index = Integer.parseInt(marks.group(1));
      if (index < symbols.size()) {
        addText(text.substring(from, marks.start()), parts);
        parts.add(symbols.get(index));
        from = marks.end();
      }
    }
    addText(text.substring(from), parts);
    return joined(parts);
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
      for (Map.Entry<String, Value> each : substitutions.entrySet()) {
        if (text.text().equals("${" + each.getKey() + "}")) {
          return each.getValue();
        }
      }
      return computed(text);
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

  private static void addText(String text, List<Value> parts) {
    if (!text.isEmpty()) {
      parts.add(new Value.Text(text));
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
