package dev.mlinfra.aws;

import java.util.Optional;
import software.amazon.awscdk.services.cloudwatch.Metric;
import software.amazon.awscdk.services.sqs.IQueue;

/** Metrics of a task, without extra cost. */
public final class FargateBatchTaskMetrics {
  private final String success;
  private final String failure;
  private final Optional<IQueue> deadLetters;

  FargateBatchTaskMetrics(String success, String failure, Optional<IQueue> deadLetters) {
    this.success = success;
    this.failure = failure;
    this.deadLetters = deadLetters;
  }

  /** Runs that succeeded. */
  public Metric successes() {
    return NotifyingRule.matched(success);
  }

  /** Runs that failed. */
  public Metric failures() {
    return NotifyingRule.matched(failure);
  }

  /** Starts that the schedule gave up; empty without a schedule. */
  public Optional<Metric> givenUp() {
    return deadLetters.map(IQueue::metricApproximateNumberOfMessagesVisible);
  }
}
