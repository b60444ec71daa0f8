package dev.mlinfra.aws;

import java.util.Map;
import software.amazon.awscdk.Duration;
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
    return matched(interruption);
  }

  /** Jobs of the fleet that failed for good. */
  public Metric failures() {
    return matched(failure);
  }

  private static Metric matched(String rule) {
    return Metric.Builder.create()
        .namespace("AWS/Events")
        .metricName("MatchedEvents")
        .dimensionsMap(Map.of("RuleName", rule))
        .statistic("Sum")
        .period(Duration.minutes(5))
        .build();
  }
}
