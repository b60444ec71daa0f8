package dev.mlinfra.policy.internal.reliability;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.math.BigDecimal;

/** Batch retries what no condition names, so a fault of the program runs as often as it may. */
final class BatchFinalExit implements Rule {
  private static final String LIST = "RetryStrategy.EvaluateOnExit";

  @Override
  public String id() {
    return "mlinfra::reliability.batch-final-exit";
  }

  @Override
  public String requirement() {
    return "A Batch job that is retried says when, and exits on everything else.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    for (Resource job : inspection.resources(BatchJobs.DEFINITION)) {
      Value attempts = inspection.property(job, "RetryStrategy.Attempts");
      Verdict retried = Can.beNumber(attempts, it -> it.compareTo(BigDecimal.ONE) > 0);
      if (retried != Verdict.VIOLATED) {
        Value list = inspection.property(job, LIST);
        Can.say(
            outcomes,
            Can.judge(retried == Verdict.COMPLIANT, Decide.each(list, BatchFinalExit::exits)),
            job,
            LIST,
            list,
            "a failure that no condition names, such as a fault of the program, is retried",
            "end EvaluateOnExit with {Action: EXIT, OnReason: '*'}");
      }
    }
  }

  private static Verdict exits(Value list) {
    if (list.isSymbolic()) {
      return Verdict.UNDECIDED;
    }
    Verdict open = Verdict.VIOLATED;
    for (Value entry : list.asList()) {
      RetryCondition condition = new RetryCondition(entry);
      Verdict everything = condition.matchesEverything();
      if (everything == Verdict.COMPLIANT) {
        return condition.exits();
      }
      if (everything == Verdict.UNDECIDED) {
        open = Verdict.UNDECIDED;
      }
    }
    return open;
  }
}
