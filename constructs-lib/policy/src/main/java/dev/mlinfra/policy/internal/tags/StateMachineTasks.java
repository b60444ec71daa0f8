package dev.mlinfra.policy.internal.tags;

import dev.mlinfra.policy.TagReach.Place;
import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.StateMachine;
import dev.mlinfra.policy.internal.StateMachine.State;
import dev.mlinfra.policy.internal.States;
import dev.mlinfra.policy.internal.tags.TaggableTypes.Shape;
import dev.mlinfra.template.Value;
import java.util.ArrayList;
import java.util.List;

/** The tasks and jobs that a Step Functions state machine starts, and whether they get tags. */
final class StateMachineTasks {
  /**
   * The actions of SageMaker that start machines; what they make has the tags of the call alone.
   */
  private static final List<String> JOBS =
      List.of(
          "sagemaker:createHyperParameterTuningJob",
          "sagemaker:createProcessingJob",
          "sagemaker:createTrainingJob",
          "sagemaker:createTransformJob");

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

  /** The jobs of SageMaker, in all state machines of a model. */
  static List<Place> jobs(Inspection inspection) {
    List<Place> places = new ArrayList<>();
    for (String action : JOBS) {
      for (States.State state : States.of(inspection, action)) {
        Value tags = state.arguments().entry("Tags");
        TagKeys keys = TagKeys.of(tags, Shape.LIST);
        places.add(
            new Place(
                state.machine().id(),
                state.at() + ".Tags",
                keys.verdict(),
                tags,
                "lacks " + String.join(", ", keys.missing())));
      }
    }
    return places;
  }
}
