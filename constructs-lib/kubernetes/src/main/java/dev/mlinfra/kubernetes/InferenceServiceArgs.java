package dev.mlinfra.kubernetes;

import java.time.Duration;
import java.util.Optional;
import org.immutables.value.Value;

/** Arguments of {@link InferenceService}. */
@Value.Immutable
@ArgsStyle
public interface InferenceServiceArgs extends WorkloadArgs {

  /** The container's port. Default: 8080. */
  @Value.Default
  default int getPort() {
    return 8080;
  }

  /** Fewest pods, 1 or more: Kubernetes' own autoscaler does not scale to zero. Default: 1. */
  @Value.Default
  default int getMinReplicas() {
    return 1;
  }

  /** Most pods. Default: 2. */
  @Value.Default
  default int getMaxReplicas() {
    return 2;
  }

  /**
   * What pods are added by, as an average of all. Default: 70 % of the requested processor time.
   */
  @Value.Default
  default ScalingMetric getScaling() {
    return ScalingMetric.cpu(70);
  }

  /**
   * Whether a new version may have one pod more than {@link #getMaxReplicas} while it is rolled
   * out; with GPUs that takes a free node. Without it, an old pod goes first. Default: true.
   */
  @Value.Default
  default boolean isSurge() {
    return true;
  }

  /** Path that answers 200 while the process is well. Default: {@code /health}. */
  @Value.Default
  default String getHealthPath() {
    return "/health";
  }

  /** Path that answers 200 when the model is loaded. Default: {@code /ready}. */
  @Value.Default
  default String getReadyPath() {
    return "/ready";
  }

  /** How long loading the model may take, 10 seconds to 1 hour. Default: 5 minutes. */
  @Value.Default
  default Duration getStartLimit() {
    return Duration.ofMinutes(5);
  }

  /** How long requests that run may take when a pod is told to end. Default: 30 seconds. */
  @Value.Default
  default Duration getGracePeriod() {
    return Duration.ofSeconds(30);
  }

  /** A way in from outside of the cluster. Default: none. */
  Optional<LoadBalancer> getLoadBalancer();

  /** A new builder. */
  static Builder builder() {
    return new Builder();
  }

  /** Builds the arguments. */
  final class Builder extends ImmutableInferenceServiceArgs.Builder {}
}
