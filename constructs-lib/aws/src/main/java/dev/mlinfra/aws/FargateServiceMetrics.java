package dev.mlinfra.aws;

import java.util.Map;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.cloudwatch.Metric;

/** Metrics that ECS reports of a service, without extra cost. */
public final class FargateServiceMetrics {
  private final String cluster;
  private final String service;

  FargateServiceMetrics(String cluster, String service) {
    this.cluster = cluster;
    this.service = service;
  }

  /** Use of the CPU that was asked for, in percent. */
  public Metric cpu() {
    return average("CPUUtilization");
  }

  /** Use of the memory that was asked for, in percent. */
  public Metric memory() {
    return average("MemoryUtilization");
  }

  private Metric average(String name) {
    return Metric.Builder.create()
        .namespace("AWS/ECS")
        .metricName(name)
        .dimensionsMap(Map.of("ClusterName", cluster, "ServiceName", service))
        .statistic("Average")
        .period(Duration.minutes(5))
        .build();
  }
}
