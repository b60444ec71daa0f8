package dev.mlinfra.policy.internal.tags;

import dev.mlinfra.policy.TagReach.Place;
import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.States;
import dev.mlinfra.policy.internal.States.Machine;
import dev.mlinfra.policy.internal.States.State;
import dev.mlinfra.policy.internal.tags.TaggableTypes.Shape;
import dev.mlinfra.template.Value;
import java.util.ArrayList;
import java.util.List;

/** The tasks and jobs that Step Functions state machines start, and whether they get tags. */
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

  /** The tasks of ECS, in all state machines of a model. */
  static List<Place> tasks(Inspection inspection) {
    List<Place> places = new ArrayList<>();
    for (Machine machine : States.machines(inspection)) {
      if (!machine.isReadable()) {
        places.add(
            new Place(
                machine.resource().id(),
                machine.at(),
                Verdict.UNDECIDED,
                new Value.Missing(),
                "stands elsewhere, or is no JSON that can be read here"));
      }
      for (State state : machine.states()) {
        if (state.calls().contains(":::ecs:runTask")) {
          places.add(wants(state, "PropagateTags", "TASK_DEFINITION"));
          places.add(wants(state, "EnableECSManagedTags", "true"));
        }
      }
    }
    return places;
  }

  private static Place wants(State state, String name, String wanted) {
    Value given = state.arguments().entry(name);
    return new Place(
        state.machine().id(),
        state.place() + "." + state.argumentsName() + "." + name,
        Decide.oneOf(given, wanted),
        given,
        "wants " + wanted);
  }

  /** The jobs of SageMaker, in all state machines of a model. */
  static List<Place> jobs(Inspection inspection) {
    List<Place> places = new ArrayList<>();
    for (String action : JOBS) {
      for (State state : States.of(inspection, action)) {
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
