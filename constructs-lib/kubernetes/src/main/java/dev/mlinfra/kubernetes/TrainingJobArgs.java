package dev.mlinfra.kubernetes;

import dev.mlinfra.core.Defaults;
import dev.mlinfra.core.Pattern;
import java.time.Duration;
import java.util.Optional;
import org.immutables.value.Value;

/** Arguments of {@link TrainingJob}. */
@Value.Immutable
@ArgsStyle
public interface TrainingJobArgs extends WorkloadArgs {

  /** How often a failed pod is tried again, 0 to 10; lost nodes do not count. Default: 2. */
  @Value.Default
  default int getRetries() {
    return 2;
  }

  /** How long the job may take with all its attempts, 1 minute to 7 days. Default: 2 hours. */
  @Value.Default
  default Duration getMaxRuntime() {
    return Defaults.of(Pattern.BATCH).training().maxRuntime();
  }

  /** When a job that ended goes away, with its logs in the cluster. Default: 1 day. */
  @Value.Default
  default Duration getKeepFor() {
    return Duration.ofDays(1);
  }

  /** How long the program may take to save a checkpoint when it is told to end. Default: 110 s. */
  @Value.Default
  default Duration getGracePeriod() {
    return Duration.ofSeconds(110);
  }

  /**
   * GiB of a volume at {@code /cache} that outlives the job and is read again by the next one.
   * Default: none.
   */
  Optional<Integer> getCacheGi();

  /** Class of the cache's volume. Default: the cluster's default class. */
  Optional<String> getCacheStorageClass();

  /** Memory at {@code /dev/shm}, which data loaders of PyTorch use, in GiB. Default: 1. */
  @Value.Default
  default int getSharedMemoryGi() {
    return 1;
  }

  /** Whether a deployment waits until the job has ended. Default: false. */
  @Value.Default
  default boolean isAwaited() {
    return false;
  }

  /** A new builder. */
  static Builder builder() {
    return new Builder();
  }

  /** Builds the arguments. */
  final class Builder extends ImmutableTrainingJobArgs.Builder {}
}
