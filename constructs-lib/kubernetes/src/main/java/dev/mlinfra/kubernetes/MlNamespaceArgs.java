package dev.mlinfra.kubernetes;

import dev.mlinfra.core.CostTags;
import java.util.List;
import java.util.Optional;
import org.immutables.value.Value;

/** Arguments of {@link MlNamespace}. */
@Value.Immutable
@ArgsStyle
public interface MlNamespaceArgs {

  /** Its name, such as {@code ml-jobs}: at most 63 of a-z, 0-9 and dash. Required. */
  String getNamespaceName();

  /** How many pods there may be at once, 1 to 1000. Default: 20. */
  @Value.Default
  default int getMaxPods() {
    return 20;
  }

  /** Processors that all pods together may request. Default: 64. */
  @Value.Default
  default int getMaxCpu() {
    return 64;
  }

  /** Memory that all pods together may have, in GiB. Default: 256. */
  @Value.Default
  default int getMaxMemoryGi() {
    return 256;
  }

  /** GPUs that all pods together may have; 0 admits none. Default: 5. */
  @Value.Default
  default int getMaxGpus() {
    return 5;
  }

  /** Resource name of the GPUs that {@link #getMaxGpus} counts. Default: {@code nvidia.com/gpu}. */
  @Value.Default
  default String getGpuResource() {
    return WorkloadArgs.NVIDIA;
  }

  /** Disk that all volume claims together may ask for, in GiB. Default: 500. */
  @Value.Default
  default int getMaxStorageGi() {
    return 500;
  }

  /**
   * Traffic that is allowed. Names (DNS of kube-system) are always. Default: HTTPS to the internet.
   */
  @Value.Default
  default List<Allowance> getAllowances() {
    return List.of(Allowance.httpsToInternet());
  }

  /** Labels of all that is made. Default: none. */
  Optional<CostTags> getCostTags();

  /** A new builder. */
  static Builder builder() {
    return new Builder();
  }

  /** Builds the arguments. */
  final class Builder extends ImmutableMlNamespaceArgs.Builder {}
}
