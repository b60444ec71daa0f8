package dev.mlinfra.cost.internal.aws;

import dev.mlinfra.cost.internal.Bill;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The definition of a state machine.
 *
 * @param states how many states it has, at any depth
 * @param tasks those that call a service
 * @param runs the Distributed Maps, each with what it does for every item
 */
record Workflow(int states, List<Task> tasks, List<ManyRuns> runs) {
  Workflow {
    tasks = List.copyOf(tasks);
    runs = List.copyOf(runs);
  }

  /**
   * A Distributed Map.
   *
   * @param items how many items it has at most; empty when nothing bounds them
   * @param atOnce how many at one time; empty when nothing bounds them
   * @param tasks what is called for each
   */
  record ManyRuns(OptionalInt items, OptionalInt atOnce, List<Task> tasks) {
    ManyRuns {
      tasks = List.copyOf(tasks);
    }
  }

  /**
   * A state that calls a service.
   *
   * @param calls what it calls, such as {@code arn:aws:states:::sagemaker:createTrainingJob.sync}
   * @param arguments what it calls it with
   * @param attempts how often it is tried at most, the first included
   */
  record Task(String calls, Value arguments, int attempts) {}

  /** Stands for what only the deployment knows, where a text can stand. */
  private static final String SYMBOL = "symbol";

  /** What Step Functions does where a retry does not say how often. */
  private static final int DEFAULT_RETRIES = 3;

  /** Of an error that is not billed: a call that was refused did not run. */
  private static final Optional<String> THROTTLED = Optional.of("Lambda.TooManyRequestsException");

  /** What Step Functions accepts at most. */
  private static final int MOST_RETRIES = 99_999_999;

  /** The definition, if it stands in the template and can be read. */
  static Optional<Workflow> of(Bill bill) {
    Resource machine = bill.resource();
    Value text = bill.property("DefinitionString");
    Value definition = text.isMissing() ? bill.property("Definition") : parsed(bill, machine, text);
    List<Task> tasks = new ArrayList<>();
    int states = collect(definition, tasks);
    return states > 0
        ? Optional.of(new Workflow(states, tasks, runs(definition)))
        : Optional.empty();
  }

  private static Value parsed(Bill bill, Resource machine, Value text) {
    StringBuilder json = new StringBuilder();
    for (Value part : text.resolvedText(bill.model().context(machine)).parts()) {
      json.append(part instanceof Value.Text known ? known.text() : SYMBOL);
    }
    try {
      return value(JsonMapper.shared().readTree(json.toString()));
    } catch (JacksonException e) {
      return new Value.Unknown("a definition that is no JSON", text);
    }
  }

  private static Value value(JsonNode node) {
    if (node.isObject()) {
      Map<String, Value> entries = new LinkedHashMap<>();
      node.properties().forEach(entry -> entries.put(entry.getKey(), value(entry.getValue())));
      return new Value.Mapping(entries);
    }
    if (node.isArray()) {
      return new Value.Sequence(node.values().stream().map(Workflow::value).toList());
    }
    if (node.isNull()) {
      return new Value.Null();
    }
    if (node.isNumber()) {
      return new Value.Num(node.decimalValue());
    }
    return node.isBoolean() ? new Value.Bool(node.booleanValue()) : new Value.Text(node.asString());
  }

  private static List<ManyRuns> runs(Value definition) {
    List<ManyRuns> runs = new ArrayList<>();
    for (Value state : definition.entry("States").asMap().values()) {
      Value processor = state.entry("ItemProcessor");
      if (processor.at("ProcessorConfig.Mode").asText().equals(Optional.of("DISTRIBUTED"))) {
        List<Task> tasks = new ArrayList<>();
        collect(processor, tasks);
        runs.add(
            new ManyRuns(
                Numbers.whole(state.at("ItemReader.ReaderConfig.MaxItems")),
                Numbers.whole(state.entry("MaxConcurrency")),
                tasks));
      }
    }
    return runs;
  }

  private static int collect(Value definition, List<Task> tasks) {
    int states = 0;
    for (Value state : definition.entry("States").asMap().values()) {
      states++;
      Value calls = state.entry("Resource");
      if (!calls.isMissing()) {
        Value arguments = state.entry("Parameters");
        tasks.add(
            new Task(
                calls.asText().orElse(""),
                arguments.isMissing() ? state.entry("Arguments") : arguments,
                1 + retries(state)));
      }
      for (Value branch : state.entry("Branches").asList()) {
        states += collect(branch, tasks);
      }
      states += collect(state.entry("Iterator"), tasks);
      states += collect(state.entry("ItemProcessor"), tasks);
    }
    return states;
  }

  /** Each kind of error is counted on its own. */
  private static int retries(Value state) {
    long most =
        state.entry("Retry").asList().stream()
            .filter(
                retry ->
                    !retry.entry("ErrorEquals").asList().stream()
                        .allMatch(error -> error.asText().equals(THROTTLED)))
            .mapToLong(retry -> Numbers.whole(retry.entry("MaxAttempts")).orElse(DEFAULT_RETRIES))
            .sum();
    return (int) Math.min(most, MOST_RETRIES);
  }
}
