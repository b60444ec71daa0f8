package dev.mlinfra.policy.internal.tags;

import dev.mlinfra.policy.TagReach.Place;
import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.StateMachine;
import dev.mlinfra.policy.internal.StateMachine.State;
import dev.mlinfra.template.Value;
import java.util.ArrayList;
import java.util.List;

/** The ECS tasks that a Step Functions state machine starts, and whether they get tags. */
final class StateMachineTasks {
  private StateMachineTasks() {}

  static List<Place> of(StateMachine machine) {
    if (machine.definition().isEmpty()) {
      return List.of(
          new Place(
              machine.resource().id(),
              machine.at(),
              Verdict.UNDECIDED,
              new Value.Missing(),
              "stands elsewhere, or is no JSON that can be read here"));
    }
    List<Place> places = new ArrayList<>();
    for (State state : machine.states()) {
      if (state.calls().contains(":::ecs:runTask")) {
        places.add(wants(machine, state, "PropagateTags", "TASK_DEFINITION"));
        places.add(wants(machine, state, "EnableECSManagedTags", "true"));
      }
    }
    return places;
  }

  private static Place wants(StateMachine machine, State state, String name, String wanted) {
    String text = state.arguments().path(name).asString("");
    Verdict literal = text.equals(wanted) ? Verdict.COMPLIANT : Verdict.VIOLATED;
    return new Place(
        machine.resource().id(),
        state.at() + "." + state.argumentsName() + "." + name,
        StateMachine.isDynamic(state.arguments(), name) ? Verdict.UNDECIDED : literal,
        text.isEmpty() ? new Value.Missing() : new Value.Text(text),
        "wants " + wanted);
  }
}
