package dev.mlinfra.aws;

import dev.mlinfra.core.Defaults;
import dev.mlinfra.core.Pattern;
import dev.mlinfra.core.TrainingSettings;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.immutables.value.Value;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.amazon.awscdk.services.sns.ITopic;

/** Properties of {@link SpotTrainingFleet}. */
@Value.Immutable
@PropsStyle
public interface SpotTrainingFleetProps {

  /** The image of the training program. Required. */
  TaskImage getImage();

  /** Where machines run. Required. */
  IMlNetwork getNetwork();

  /** The data bucket: jobs read datasets, read and write checkpoints, write models. Required. */
  IMlDataBucket getData();

  /**
   * Types of machines, all with the same kind of accelerator and processor. Fewer than 4 warns as
   * {@code mlinfra::fleet.spread}: capacity is found less often. Default: g5.2xlarge, g6.2xlarge,
   * g5.4xlarge, g6.4xlarge.
   */
  @Value.Default
  default List<String> getInstanceTypes() {
    return defaults().instanceTypes();
  }

  /** Processors that run at one time at most, at least those of one job. Default: 64. */
  @Value.Default
  default int getMaxVcpus() {
    return defaults().maxVcpus();
  }

  /**
   * Jobs that run at one time at most, 1 to 1000: {@code maxVcpus} counts no more than theirs.
   * Default: 5.
   */
  @Value.Default
  default int getMaxConcurrentJobs() {
    return Defaults.of(Pattern.BATCH).budget().maxConcurrentJobs();
  }

  /** Processors of a job. Default: those of the smallest machine. */
  OptionalInt getVcpus();

  /** Memory of a job in MiB. Default: 90 percent of that of the smallest machine. */
  OptionalInt getMemoryMib();

  /** Accelerators of a job. Default: those of the machine that has fewest. */
  OptionalInt getAccelerators();

  /** The command, in place of the image's own. Default: that of the image. */
  List<String> getCommand();

  /** Variables of the program; none may be a secret. Default: none. */
  Map<String, String> getEnvironment();

  /** How long one attempt may take, 1 minute to 14 days. Default: 2 hours. */
  @Value.Default
  default Duration getMaxRuntime() {
    return Duration.seconds(defaults().maxRuntime().toSeconds());
  }

  /**
   * How often a job is tried, the first included, 2 to 10. It is tried again when its machine is
   * taken away or its image could not be pulled, and never when the program fails. Default: 3.
   */
  @Value.Default
  default int getAttempts() {
    return defaults().attempts();
  }

  /**
   * What one job may cost at most in USD: attempts x time x price of the dearest type on demand
   * must not exceed it. Default: 10.
   */
  @Value.Default
  default double getJobBudgetUsd() {
    return Defaults.of(Pattern.BATCH).budget().trainingJobUsd();
  }

  /**
   * Share of the budget at which the topic is told of a job that still runs, 0.1 to 1. Default:
   * 0.8.
   */
  @Value.Default
  default double getWarnAt() {
    return Defaults.of(Pattern.BATCH).budget().warnAt();
  }

  /**
   * Whether jobs go to machines on demand when the spot market has none; they are dearer. Default:
   * no.
   */
  @Value.Default
  default boolean isOnDemandFallback() {
    return false;
  }

  /**
   * Commit of the training program: models are written below {@code models/COMMIT/} alone, and the
   * program finds it in {@code GIT_SHA}. Default: none, and the whole folder of models.
   */
  Optional<String> getModelVersion();

  /**
   * SSM parameter with the id of an image of your own, such as one that the AMI packer wrote; its
   * CloudWatch agent may send metrics in the namespace {@code mlinfra/machines}. Default: the
   * ECS-optimized AMI for the kind of accelerator.
   */
  Optional<String> getAmiParameter();

  /** Disk of a machine in GB, 30 to 16384. Default: 100. */
  @Value.Default
  default int getDiskGb() {
    return defaults().diskGb();
  }

  /**
   * Machines of a job that runs on several at one time, 2 to 64; then a second queue has machines
   * on demand for such jobs, close to each other in the first zone. Spot does not take them.
   * Default: none, so jobs have one machine each.
   */
  OptionalInt getNodes();

  /** Topic that is told of notices, failures and long runs. Default: one of its own. */
  Optional<ITopic> getNotifications();

  /** How long logs are kept. Default: one month. */
  @Value.Default
  default RetentionDays getLogRetention() {
    return RetentionDays.ONE_MONTH;
  }

  /**
   * Whether an experiment is made that interrupts one machine of the fleet, to see that a job goes
   * on from its checkpoint. It stops when a job fails, and runs only when somebody starts it.
   * Default: no.
   */
  @Value.Default
  default boolean isInterruptionDrill() {
    return false;
  }

  /** Path of the roles, such as {@code /ml/}. Default: {@code /}. */
  @Value.Default
  default String getRolePath() {
    return "/";
  }

  /** A new builder. */
  static Builder builder() {
    return new Builder();
  }

  /** Builds {@link SpotTrainingFleetProps}. */
  final class Builder extends ImmutableSpotTrainingFleetProps.Builder {}

  private static TrainingSettings defaults() {
    return Defaults.of(Pattern.BATCH).training();
  }
}
