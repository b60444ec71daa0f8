package dev.mlinfra.aws;

import software.amazon.awscdk.services.cloudwatch.Metric;

/** Metrics of a fleet, without extra cost. */
public final class SpotTrainingFleetMetrics {
  private final String interruption;
  private final String failure;

  SpotTrainingFleetMetrics(String interruption, String failure) {
    this.interruption = interruption;
    this.failure = failure;
  }

  /** Notices to spot machines, of the whole account: they do not name the fleet. */
  public Metric interruptions() {
    return NotifyingRule.matched(interruption);
  }

  /** Jobs of the fleet that failed for good. */
  public Metric failures() {
    return NotifyingRule.matched(failure);
  }
}
