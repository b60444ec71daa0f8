package dev.mlinfra.testkit;

import dev.mlinfra.template.Context;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The ECS tasks that a Step Functions state machine starts, and whether they get tags. */
final class StateMachineTasks {
  private static final String UNKNOWN = "(not known)";

  private final Resource machine;
  private final List<TagReach.Place> places = new ArrayList<>();

  private StateMachineTasks(Resource machine) {
    this.machine = machine;
  }

  static List<TagReach.Place> of(Resource machine, Context context) {
    StateMachineTasks tasks = new StateMachineTasks(machine);
    Value definition = context.resolve(machine.property("DefinitionString"));
    try {
      JsonNode root =
          JsonMapper.shared()
              .readTree(
                  definition.isMissing()
                      ? context.resolve(machine.property("Definition")).toJson()
                      : text(definition, context));
      if (root.has("States")) {
        tasks.states(root);
      } else {
        tasks.add("Definition", Verdict.UNDECIDED, "stands elsewhere");
      }
    } catch (JacksonException e) {
      tasks.add("DefinitionString", Verdict.UNDECIDED, "is no JSON that can be read here");
    }
    return tasks.places;
  }

  /** The definition with a word in place of each part that only the deployment knows. */
  private static String text(Value definition, Context context) {
    StringBuilder text = new StringBuilder();
    for (Value part : definition.resolvedText(context).parts()) {
      text.append(part instanceof Value.Text known ? known.text() : UNKNOWN);
    }
    return text.toString();
  }

  private void add(String at, Verdict verdict, String detail) {
    places.add(new TagReach.Place(machine.id(), at, verdict, detail));
  }

  private void states(JsonNode machineOrBranch) {
    machineOrBranch
        .path("States")
        .properties()
        .forEach(
            state -> {
              state(state.getKey(), state.getValue());
              state.getValue().path("Branches").forEach(this::states);
              states(state.getValue().path("Iterator"));
              states(state.getValue().path("ItemProcessor"));
            });
  }

  private void state(String name, JsonNode state) {
    if (!state.path("Resource").asString("").contains(":::ecs:runTask")) {
      return;
    }
    String arguments = state.has("Arguments") ? "Arguments" : "Parameters";
    wants(name, state.path(arguments), arguments, "PropagateTags", "TASK_DEFINITION");
    wants(name, state.path(arguments), arguments, "EnableECSManagedTags", "true");
  }

  private void wants(String state, JsonNode given, String at, String name, String wanted) {
    String value = given.path(name).asString("");
    boolean dynamic =
        given.has(name + ".$")
            || value.contains(UNKNOWN)
            || value.startsWith("{%")
            || given.isString();
    Verdict verdict =
        dynamic ? Verdict.UNDECIDED : (value.equals(wanted) ? Verdict.REACHED : Verdict.MISSING);
    add("States." + state + "." + at + "." + name, verdict, "wants " + wanted);
  }
}
