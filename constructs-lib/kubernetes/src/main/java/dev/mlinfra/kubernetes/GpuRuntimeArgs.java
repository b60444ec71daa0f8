package dev.mlinfra.kubernetes;

import dev.mlinfra.core.CostTags;
import java.util.Map;
import java.util.Optional;
import org.immutables.value.Value;

/** Arguments of {@link GpuRuntime}. */
@Value.Immutable
@ArgsStyle
public interface GpuRuntimeArgs {

  /** Who brings the driver to the nodes. Required. */
  GpuDriver getDriver();

  /** Name of the namespace that is made for it. Default: {@code gpu-runtime}. */
  @Value.Default
  default String getNamespaceName() {
    return "gpu-runtime";
  }

  /**
   * Labels of the nodes that have GPUs, for the device plugin; other nodes would run it in vain.
   * Default: {@code nvidia.com/gpu.present}: {@code true}, as the node groups of this project have.
   */
  @Value.Default
  default Map<String, String> getNodeLabels() {
    return Map.of("nvidia.com/gpu.present", "true");
  }

  /** Labels of all that is made. Default: none. */
  Optional<CostTags> getCostTags();

  /** A new builder. */
  static Builder builder() {
    return new Builder();
  }

  /** Builds the arguments. */
  final class Builder extends ImmutableGpuRuntimeArgs.Builder {}
}
