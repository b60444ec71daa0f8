package dev.mlinfra.aws;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.immutables.value.Value;
import software.amazon.awscdk.services.cloudwatch.Metric;
import software.amazon.awscdk.services.ec2.ISecurityGroup;

/** Properties of {@link FargateService}. */
@Value.Immutable
@PropsStyle
public interface FargateServiceProps extends FargateProps {

  /** Tasks that run at least, 0 to {@code maxTasks}. Each is billed all the time. Default: 1. */
  @Value.Default
  default int getMinTasks() {
    return 1;
  }

  /** Tasks that run at most. Default: 2. */
  @Value.Default
  default int getMaxTasks() {
    return 2;
  }

  /** Use of the CPU that scaling aims at, in percent, 10 to 90. Default: 60. */
  @Value.Default
  default int getCpuTarget() {
    return 60;
  }

  /** Use of the memory that scaling aims at, in percent, 10 to 90. Default: not looked at. */
  Optional<Integer> getMemoryTarget();

  /**
   * Metric of your own that scaling looks at, such as the length of a queue for each task. Default:
   * none.
   */
  Optional<Metric> getMetric();

  /** Value of {@code metric} that scaling aims at. Default: none. */
  OptionalDouble getMetricTarget();

  /**
   * Whether tasks beyond {@code minTasks} run on spot capacity, which costs less and may be taken
   * away with two minutes' notice. Default: no.
   */
  @Value.Default
  default boolean isSpot() {
    return false;
  }

  /** Security groups. Default: one that nothing comes in through. */
  List<ISecurityGroup> getSecurityGroups();

  /** A new builder. */
  static Builder builder() {
    return new Builder();
  }

  /** Builds {@link FargateServiceProps}. */
  final class Builder extends ImmutableFargateServiceProps.Builder {}
}
