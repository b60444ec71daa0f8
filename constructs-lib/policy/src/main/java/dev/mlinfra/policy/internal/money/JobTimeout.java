package dev.mlinfra.policy.internal.money;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.policy.internal.States;
import dev.mlinfra.policy.internal.States.Machine;
import dev.mlinfra.policy.internal.States.State;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What runs until it is done has a limit: a job that hangs is billed until somebody sees it.
 *
 * <p>Functions, builds and express workflows are not asked: the service ends them after minutes. A
 * task that ECS starts on a schedule has no limit that could be set.
 */
final class JobTimeout implements Rule {
  /**
   * Where a type has its limit.
   *
   * @param holder what must be there for it to be a job; empty for the resource itself
   */
  private record Limit(String type, String holder, String path) {}

  private static final String STOPPING = "StoppingCondition.MaxRuntimeInSeconds";

  private static final List<Limit> LIMITS =
      List.of(
          new Limit("AWS::Batch::JobDefinition", "", "Timeout.AttemptDurationSeconds"),
          new Limit("AWS::SageMaker::ProcessingJob", "", STOPPING),
          new Limit("AWS::SageMaker::DataQualityJobDefinition", "", STOPPING),
          new Limit("AWS::SageMaker::ModelBiasJobDefinition", "", STOPPING),
          new Limit("AWS::SageMaker::ModelExplainabilityJobDefinition", "", STOPPING),
          new Limit("AWS::SageMaker::ModelQualityJobDefinition", "", STOPPING),
          new Limit(
              "AWS::SageMaker::MonitoringSchedule",
              "MonitoringScheduleConfig.MonitoringJobDefinition",
              "MonitoringScheduleConfig.MonitoringJobDefinition." + STOPPING));

  /** What SageMaker ends by itself only after a day, by the call that starts it. */
  private static final Map<String, String> CALLS =
      Map.of(
          "sagemaker:createTrainingJob",
          STOPPING,
          "sagemaker:createProcessingJob",
          STOPPING,
          "sagemaker:createHyperParameterTuningJob",
          "TrainingJobDefinition." + STOPPING);

  /** Tasks that wait for something to end; all others end with the call itself. */
  private static final Pattern WAITS =
      Pattern.compile(".*(\\.sync(:\\d)?|\\.waitForTaskToken)|.*:states:.*:activity:.*");

  @Override
  public String id() {
    return "mlinfra::money.job-timeout";
  }

  @Override
  public String requirement() {
    return "Every job, and every step of a workflow that waits for one, ends after a given time.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    for (Limit limit : LIMITS) {
      for (Resource resource : inspection.resources(limit.type())) {
        if (!limit.holder().isEmpty()
            && inspection.property(resource, limit.holder()).isMissing()) {
          continue;
        }
        Value given = inspection.property(resource, limit.path());
        outcomes.decided(
            Decide.present(given),
            resource,
            limit.path(),
            given,
            "a job that hangs runs on",
            "set " + limit.path());
      }
    }
    for (Machine machine : States.machines(inspection)) {
      if (!isShort(machine, inspection)) {
        workflow(machine, outcomes);
      }
    }
  }

  /** An express workflow ends after five minutes. */
  private static boolean isShort(Machine machine, Inspection inspection) {
    Value type = inspection.property(machine.resource(), "StateMachineType");
    return Decide.oneOf(type, "EXPRESS") == Verdict.COMPLIANT;
  }

  private static void workflow(Machine machine, Outcomes.Of outcomes) {
    if (!machine.isReadable()) {
      outcomes.undecided(
          machine.resource(),
          machine.at(),
          new Value.Missing(),
          "the definition stands elsewhere, or is no JSON that can be read here",
          "write the definition into the template");
      return;
    }
    boolean limited = machine.definition().asMap().containsKey("TimeoutSeconds");
    if (limited) {
      outcomes.compliant(machine.resource(), machine.at() + ".TimeoutSeconds");
    }
    for (State state : machine.states()) {
      if (!limited && WAITS.matcher(state.calls()).matches()) {
        Set<String> names = state.body().asMap().keySet();
        boolean own = names.contains("TimeoutSeconds") || names.contains("TimeoutSecondsPath");
        outcomes.say(
            own ? Verdict.COMPLIANT : Verdict.VIOLATED,
            machine.resource(),
            state.place() + ".TimeoutSeconds",
            new Value.Missing(),
            "waits for up to a year",
            "set TimeoutSeconds of the state, or of the whole definition");
      }
      CALLS.forEach(
          (call, path) -> {
            if (state.calls().contains(call)) {
              outcomes.decided(
                  stopping(state.arguments(), path),
                  machine.resource(),
                  state.place() + "." + state.argumentsName() + "." + path,
                  new Value.Missing(),
                  "a job that hangs runs on for a day",
                  "set " + path);
            }
          });
    }
  }

  /**
   * What the execution puts in as a whole can be without a limit; a limit that it puts in is one.
   */
  private static Verdict stopping(Value arguments, String path) {
    boolean open = arguments.at(path.substring(0, path.lastIndexOf('.'))).isSymbolic();
    return open ? Verdict.UNDECIDED : Decide.present(arguments.at(path));
  }
}
