package dev.mlinfra.kubernetes;

import java.util.Optional;

/**
 * What a service is scaled by.
 *
 * @param pods name of a metric that pods have, served by an adapter of custom metrics; empty for
 *     processor time
 * @param target average over all pods: percent of the requested processor time, or a value of the
 *     metric such as {@code 100} or {@code 500m}
 */
public record ScalingMetric(Optional<String> pods, String target) {

  /**
   * Processor time.
   *
   * @param percent of what the pods request, 10 to 100
   */
  public static ScalingMetric cpu(int percent) {
    return new ScalingMetric(Optional.empty(), Integer.toString(percent));
  }

  /**
   * A metric of the pods, such as requests in a second.
   *
   * @param name such as {@code inference_requests_per_second}
   * @param average the value that each pod should have
   */
  public static ScalingMetric pods(String name, String average) {
    return new ScalingMetric(Optional.of(name), average);
  }
}
