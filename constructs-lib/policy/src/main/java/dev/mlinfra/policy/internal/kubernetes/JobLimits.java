package dev.mlinfra.policy.internal.kubernetes;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.template.Value;
import java.math.BigDecimal;

/** A job that hangs or fails ends by itself. */
final class JobLimits implements Rule {
  private static final BigDecimal MOST_RETRIES = BigDecimal.TEN;

  @Override
  public String id() {
    return "mlinfra::kubernetes.job-limits";
  }

  @Override
  public String requirement() {
    return "Every job has a deadline, few retries, and is removed some time after its end.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    for (String kind : KubernetesObjects.kinds(inspection)) {
      for (KubernetesObject job : KubernetesObjects.of(inspection, kind)) {
        if (kind.equals("batch/Job")) {
          check(job, "spec", outcomes);
          cleanUp(job, "spec", outcomes);
        } else if (kind.equals("batch/CronJob")) {
          // How many of its jobs are kept, a cron job limits itself.
          check(job, "spec.jobTemplate.spec", outcomes);
        } else if (kind.startsWith("kubeflow.org/") && kind.endsWith("Job")) {
          check(job, "spec.runPolicy", outcomes);
          cleanUp(job, "spec.runPolicy", outcomes);
        }
      }
    }
  }

  private static void check(KubernetesObject job, String path, Outcomes.Of outcomes) {
    Value deadline = job.body().at(path + ".activeDeadlineSeconds");
    if (!job.isPatch() || !Decide.isAbsent(deadline)) {
      outcomes.decided(
          Decide.number(deadline, it -> it.signum() > 0),
          job.resource(),
          job.at(path + ".activeDeadlineSeconds"),
          deadline,
          "lets a job that hangs hold its nodes for ever",
          "set it to the longest time that the job may take, in seconds");
    }
    Value retries = job.body().at(path + ".backoffLimit");
    outcomes.decided(
        Decide.isAbsent(retries)
            ? Verdict.COMPLIANT
            : Decide.number(retries, it -> it.compareTo(MOST_RETRIES) <= 0),
        job.resource(),
        job.at(path + ".backoffLimit"),
        retries,
        "pays for a job that fails more often than it can help",
        "set it to " + MOST_RETRIES + " or less, and ignore interruptions in podFailurePolicy");
  }

  private static void cleanUp(KubernetesObject job, String path, Outcomes.Of outcomes) {
    Value after = job.body().at(path + ".ttlSecondsAfterFinished");
    if (!job.isPatch() || !Decide.isAbsent(after)) {
      outcomes.decided(
          Decide.number(after, it -> it.signum() >= 0),
          job.resource(),
          job.at(path + ".ttlSecondsAfterFinished"),
          after,
          "leaves the job and its pods in the cluster for ever",
          "set it to the time in which somebody may look at them, such as 86400");
    }
  }
}
