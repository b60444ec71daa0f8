package dev.mlinfra.core;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The queue of training jobs on spot machines.
 *
 * @param image which of {@link SharedSettings#images} jobs run
 * @param imageTag its tag; empty: what the image pipeline recorded
 * @param instanceTypes types of machines, such as {@code g5.2xlarge}
 * @param maxVcpus processors that run at one time at most
 * @param maxRuntime longest attempt
 * @param attempts how often a job is tried, the first included
 * @param onDemandFallback whether jobs go to machines on demand when spot has none
 * @param nodes machines of a job that runs on several; empty: one each
 * @param diskGb disk of a machine, in GB
 * @param amiParameter SSM parameter with an image of the machines; empty: that of ECS
 * @param interruptionDrill whether there is an experiment that interrupts a machine
 * @param logRetentionDays days that logs are kept
 */
public record TrainingSettings(
    String image,
    Optional<String> imageTag,
    List<String> instanceTypes,
    int maxVcpus,
    Duration maxRuntime,
    int attempts,
    boolean onDemandFallback,
    OptionalInt nodes,
    int diskGb,
    Optional<String> amiParameter,
    boolean interruptionDrill,
    int logRetentionDays) {

  public TrainingSettings {
    instanceTypes = List.copyOf(instanceTypes);
  }

  /** Shortest attempt. */
  public static final Duration SHORTEST_RUNTIME = Duration.ofMinutes(1);

  /** Longest attempt. */
  public static final Duration LONGEST_RUNTIME = Duration.ofDays(14);
}
