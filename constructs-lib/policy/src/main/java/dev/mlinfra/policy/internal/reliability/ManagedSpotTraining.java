package dev.mlinfra.policy.internal.reliability;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.policy.internal.States;
import dev.mlinfra.policy.internal.States.State;
import dev.mlinfra.template.Value;
import java.math.BigDecimal;
import java.util.Optional;

/**
 * Training on spot capacity of SageMaker goes on where it was only from checkpoints, and waits for
 * capacity only as long as it is given.
 */
final class ManagedSpotTraining implements Rule {
  /** What SageMaker takes when nothing is said. */
  private static final BigDecimal RUNTIME = BigDecimal.valueOf(86_400);

  @Override
  public String id() {
    return "mlinfra::reliability.managed-spot-training";
  }

  @Override
  public String requirement() {
    return "SageMaker training on spot has a CheckpointConfig, and waits at least as long as it"
        + " runs.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    for (State state : States.of(inspection, "sagemaker:createTrainingJob")) {
      Value arguments = state.arguments();
      Verdict spot = Can.be(arguments.entry("EnableManagedSpotTraining"), "true");
      if (spot != Verdict.VIOLATED) {
        boolean certain = spot == Verdict.COMPLIANT;
        Value uri = arguments.entry("CheckpointConfig").entry("S3Uri");
        Can.say(
            outcomes,
            Can.judge(certain, Decide.present(uri)),
            state.machine(),
            state.at() + ".CheckpointConfig.S3Uri",
            uri,
            "an interruption on spot starts the training anew",
            "set CheckpointConfig.S3Uri, and let the program read it when it starts");
        Value stopping = arguments.entry("StoppingCondition");
        Can.say(
            outcomes,
            Can.judge(certain, waits(stopping)),
            state.machine(),
            state.at() + ".StoppingCondition.MaxWaitTimeInSeconds",
            stopping.entry("MaxWaitTimeInSeconds"),
            "the training ends before its time when spot capacity is short",
            "set MaxWaitTimeInSeconds to MaxRuntimeInSeconds or more");
      }
    }
  }

  private static Verdict waits(Value stopping) {
    Value runtime = stopping.entry("MaxRuntimeInSeconds");
    Optional<BigDecimal> runs = runtime.isMissing() ? Optional.of(RUNTIME) : runtime.asNumber();
    Value wait = stopping.entry("MaxWaitTimeInSeconds");
    if (runs.isEmpty()) {
      return wait.isMissing() ? Verdict.VIOLATED : Verdict.UNDECIDED;
    }
    return Decide.number(wait, it -> it.compareTo(runs.get()) >= 0);
  }
}
