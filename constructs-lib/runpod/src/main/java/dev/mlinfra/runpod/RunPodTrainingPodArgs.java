package dev.mlinfra.runpod;

import com.pulumi.core.Output;
import dev.mlinfra.core.Budget;
import dev.mlinfra.core.Defaults;
import dev.mlinfra.core.Pattern;
import dev.mlinfra.core.RunPodSettings;
import dev.mlinfra.core.RunPodSettings.Cloud;
import dev.mlinfra.cost.PriceBook;
import dev.mlinfra.sdk.runpod.NetworkVolume;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.immutables.value.Value;

/** Arguments of {@link RunPodTrainingPod}. */
@Value.Immutable
@ArgsStyle
public interface RunPodTrainingPodArgs extends ContainerArgs {

  /** What trains, one line for a shell. The image needs a shell and Python 3. Required. */
  String getCommand();

  /**
   * Size of the data in GB, which chooses the GPU: the three cheapest types that suffice, by the
   * prices of this library. Not needed with {@link #getGpus}. Default: none.
   */
  Optional<Double> getDataGb();

  /**
   * GPU types that will do, such as {@code NVIDIA L4}, the preferred one first; the next one is
   * taken when there is no machine free. Default: chosen by the size of the data.
   */
  List<String> getGpus();

  /** How many GPUs, 1 to 8. Default: 1. */
  @Value.Default
  default int getGpuCount() {
    return 1;
  }

  /**
   * Which machines it may be on. {@code COMMUNITY} is cheaper, but runs on machines of strangers
   * and has no network volumes; it warns. Default: {@code SECURE}.
   */
  @Value.Default
  default Cloud getCloud() {
    return defaults().cloud();
  }

  /** A network volume, mounted at /workspace; the pod goes where it is. Default: none. */
  Optional<NetworkVolume> getVolume();

  /**
   * Where the pod may be, the preferred place first. Default: where the volume is, or everywhere.
   */
  List<String> getDataCenterIds();

  /** GB of the container's own disk, 1 to 1000; it goes with the pod. Default: 50. */
  @Value.Default
  default int getDiskGb() {
    return 50;
  }

  /** How long the pod lives at most, 1 minute to 7 days. Default: 2 hours. */
  @Value.Default
  default Duration getMaxLifetime() {
    return defaults().maxLifetime();
  }

  /** How long its GPU may do nothing, 1 minute to 1 day. Default: 15 minutes. */
  @Value.Default
  default Duration getIdleTimeout() {
    return defaults().idleTimeout();
  }

  /** What an hour may cost at most, in USD; a GPU that costs more is refused. Default: 10. */
  @Value.Default
  default double getMaxHourlyUsd() {
    return budget().maxHourlyUsd();
  }

  /**
   * What the pod may cost in its whole life, in USD: the dearest of its GPUs for {@link
   * #getMaxLifetime}. Default: 10.
   */
  @Value.Default
  default double getMaxJobUsd() {
    return budget().trainingJobUsd();
  }

  /** What prices are taken from. Default: those of this library. */
  @Value.Default
  default PriceBook getPrices() {
    return PriceBook.bundled();
  }

  /**
   * Name of a secret with an API key that may delete the pod. Default: the key that RunPod gives to
   * every pod; whether that one may delete its pod is not documented, so try it, or give one.
   */
  Optional<Output<String>> getTerminationKey();

  /** Always refused: RunPod's API has no spot pods any more. Default: false. */
  @Value.Default
  default boolean isSpot() {
    return false;
  }

  /** Always refused: RunPod's API cannot choose machines by bandwidth any more. Default: none. */
  OptionalInt getMinDownloadMbps();

  /** Always refused: RunPod's API cannot choose machines by bandwidth any more. Default: none. */
  OptionalInt getMinUploadMbps();

  /** A new builder. */
  static Builder builder() {
    return new Builder();
  }

  /** Builds the arguments. */
  final class Builder extends ImmutableRunPodTrainingPodArgs.Builder {}

  private static RunPodSettings.Training defaults() {
    return Defaults.of(Pattern.BATCH).runpod().training().orElseThrow();
  }

  private static Budget budget() {
    return Defaults.of(Pattern.BATCH).budget();
  }
}
