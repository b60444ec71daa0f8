package dev.mlinfra.runpod;

import dev.mlinfra.core.DataSettings.OnDelete;
import dev.mlinfra.core.Defaults;
import dev.mlinfra.core.Pattern;
import dev.mlinfra.core.RunPodSettings;
import dev.mlinfra.sdk.runpod.NetworkVolume;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.immutables.value.Value;

/** Arguments of {@link RunPodVolumeAndEndpoint}. */
@Value.Immutable
@ArgsStyle
public interface RunPodVolumeAndEndpointArgs extends ContainerArgs {

  /** Where the volume is, such as {@code EU-RO-1}; the workers follow it. Required. */
  String getDataCenter();

  /** Size of the volume in GB, 10 to 4096. It can grow, never shrink. Default: 100. */
  @Value.Default
  default int getVolumeGb() {
    return defaults().volumeGb();
  }

  /** A volume that exists, in {@link #getDataCenter}. Default: a new one. */
  Optional<NetworkVolume> getVolume();

  /**
   * What becomes of the new volume when the stack is destroyed. {@code DESTROY} also needs {@link
   * #isAllowDataLoss}; without it the volume is retained, with a warning. A retained volume costs
   * on and is found again by the next {@code pulumi up}. Default: {@code RETAIN}.
   */
  @Value.Default
  default OnDelete getOnDelete() {
    return defaults().onDelete();
  }

  /** The second of the two keys that let the volume be deleted. Default: false. */
  @Value.Default
  default boolean isAllowDataLoss() {
    return false;
  }

  /**
   * Where workers may be. A worker reaches a volume in its own data center alone, so nothing but
   * the volume's is allowed. Default: the volume's.
   */
  @Value.Default
  default List<String> getDataCenterIds() {
    return List.of(getDataCenter());
  }

  /**
   * GPU pools that will do: a worker comes from whichever has a machine free. Default: AMPERE_16,
   * the pool of the RTX A4000.
   */
  @Value.Default
  default List<String> getGpuPools() {
    return defaults().endpoint().gpuPools();
  }

  /** GPUs of each worker. Default: 1. */
  @Value.Default
  default int getGpuCount() {
    return 1;
  }

  /** Workers that are always there, billed around the clock. Default: 0. */
  @Value.Default
  default int getWorkersMin() {
    return defaults().endpoint().workersMin();
  }

  /** Workers at most, 1 to 60. Default: 3. */
  @Value.Default
  default int getWorkersMax() {
    return defaults().endpoint().workersMax();
  }

  /** How long a worker waits for the next job, billed; 1 second to 1 hour. Default: 30 seconds. */
  @Value.Default
  default Duration getIdleTimeout() {
    return defaults().endpoint().idleTimeout();
  }

  /** How long a job may take, 5 seconds to 7 days. Default: 10 minutes. */
  @Value.Default
  default Duration getTimeout() {
    return defaults().endpoint().timeout();
  }

  /** Seconds that a job may wait before another worker comes, at least 0.5. Default: 4. */
  @Value.Default
  default double getQueueDelaySeconds() {
    return 4;
  }

  /**
   * Whether RunPod keeps stopped workers for a faster start, at no extra price. It is always sent,
   * because the API and the console have different defaults. Default: true.
   */
  @Value.Default
  default boolean isFlashBoot() {
    return defaults().endpoint().flashBoot();
  }

  /** GB of each worker's own disk, 1 to 1000. Default: 20. */
  @Value.Default
  default int getDiskGb() {
    return 20;
  }

  /** A new builder. */
  static Builder builder() {
    return new Builder();
  }

  /** Builds the arguments. */
  final class Builder extends ImmutableRunPodVolumeAndEndpointArgs.Builder {}

  private static RunPodSettings defaults() {
    return Defaults.of(Pattern.BATCH).runpod();
  }
}
