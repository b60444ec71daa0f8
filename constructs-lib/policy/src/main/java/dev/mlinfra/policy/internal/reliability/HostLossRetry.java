package dev.mlinfra.policy.internal.reliability;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.policy.internal.reliability.BatchJobs.Platform;
import dev.mlinfra.policy.internal.reliability.BatchJobs.SpotJob;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Who loses the host has not failed. On spot capacity a job must be tried again when that happens;
 * elsewhere it is enough that the list of conditions does not end it for just that reason.
 */
final class HostLossRetry implements Rule {
  private static final String ATTEMPTS = "RetryStrategy.Attempts";
  private static final String LIST = "RetryStrategy.EvaluateOnExit";

  /** What Batch says of an attempt whose instance is gone. */
  private static final String INSTANCE_LOST = "Host EC2 (instance i-0123456789abcdef0) terminated.";

  private static final String TASK_LOST = "Your Spot Task was interrupted.";

  @Override
  public String id() {
    return "mlinfra::reliability.host-loss-retry";
  }

  @Override
  public String requirement() {
    return "A Batch job is tried again when the spot capacity that it runs on is taken away.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    Set<Resource> seen = new HashSet<>();
    for (SpotJob job : BatchJobs.onSpot(inspection)) {
      seen.add(job.definition());
      attempts(job, inspection, outcomes);
      conditions(job, inspection, outcomes);
    }
    for (Resource definition : inspection.resources(BatchJobs.DEFINITION)) {
      if (!seen.contains(definition)) {
        reversed(definition, inspection, outcomes);
      }
    }
  }

  private static void attempts(SpotJob job, Inspection inspection, Outcomes.Of outcomes) {
    Value attempts = inspection.property(job.definition(), ATTEMPTS);
    Can.say(
        outcomes,
        Can.judge(job.certain(), Decide.number(attempts, it -> it.compareTo(BigDecimal.ONE) > 0)),
        job.definition(),
        ATTEMPTS,
        attempts,
        "the job ends when its spot capacity is taken away",
        "set RetryStrategy.Attempts to 2 or more");
  }

  private static void conditions(SpotJob job, Inspection inspection, Outcomes.Of outcomes) {
    Value list = inspection.property(job.definition(), LIST);
    if (list.isMissing() || job.platform() == Platform.EKS) {
      return;
    }
    String lost = job.platform() == Platform.FARGATE ? TASK_LOST : INSTANCE_LOST;
    String pattern = job.platform() == Platform.FARGATE ? "Your Spot Task*" : "Host EC2*";
    Can.say(
        outcomes,
        Can.judge(job.certain(), Decide.each(list, branch -> RetryCondition.retries(branch, lost))),
        job.definition(),
        LIST,
        list,
        "the job ends when its spot capacity is taken away",
        "begin EvaluateOnExit with {Action: RETRY, OnStatusReason: '" + pattern + "'}");
  }

  private static void reversed(Resource definition, Inspection inspection, Outcomes.Of outcomes) {
    List<Value> entries = inspection.property(definition, LIST).asList();
    for (int i = 0; i < entries.size(); i++) {
      Value entry = entries.get(i);
      boolean aboutHost =
          entry
              .entry("OnStatusReason")
              .asText()
              .filter(it -> it.startsWith("Host EC2"))
              .isPresent();
      if (aboutHost && new RetryCondition(entry).exits() == Verdict.COMPLIANT) {
        outcomes.violated(
            definition,
            LIST + "[" + i + "].Action",
            entry.entry("Action"),
            "ends a job because its host was lost",
            "set Action to RETRY");
      }
    }
  }
}
