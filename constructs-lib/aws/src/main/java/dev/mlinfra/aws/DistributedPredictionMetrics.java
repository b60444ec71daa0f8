package dev.mlinfra.aws;

import java.util.Map;
import software.amazon.awscdk.services.cloudwatch.Metric;

/** Metrics of the runs of a distributed prediction; five minutes each. */
public final class DistributedPredictionMetrics {
  private final String stateMachineArn;

  DistributedPredictionMetrics(String stateMachineArn) {
    this.stateMachineArn = stateMachineArn;
  }

  /** Runs that were started. */
  public Metric started() {
    return sum("ExecutionsStarted");
  }

  /** Runs that succeeded, with no more failed items than tolerated. */
  public Metric succeeded() {
    return sum("ExecutionsSucceeded");
  }

  /** Runs that failed: refused by planning, or with more failed items than tolerated. */
  public Metric failed() {
    return sum("ExecutionsFailed");
  }

  /** Runs that were still under way at their timeout. */
  public Metric timedOut() {
    return sum("ExecutionsTimedOut");
  }

  private Metric sum(String name) {
    return Metric.Builder.create()
        .namespace("AWS/States")
        .metricName(name)
        .dimensionsMap(Map.of("StateMachineArn", stateMachineArn))
        .statistic("Sum")
        .build();
  }
}
