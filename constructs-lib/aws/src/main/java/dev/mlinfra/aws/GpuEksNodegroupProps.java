package dev.mlinfra.aws;

import java.util.List;
import org.immutables.value.Value;

/** Properties of {@link GpuEksNodegroup}. */
@Value.Immutable
@PropsStyle
public interface GpuEksNodegroupProps {

  /** The cluster. Required. */
  IMlCluster getCluster();

  /**
   * Types of machines with the same number of the same accelerator, the smallest first: the
   * autoscaler takes it for all. Types without an accelerator get the standard image and no taint.
   * Fewer than 4 on the spot market warns as {@code mlinfra::nodegroup.spread}. Required.
   */
  List<String> getInstanceTypes();

  /** How nodes are bought. Default: on demand. */
  @Value.Default
  default NodeCapacity getCapacity() {
    return NodeCapacity.onDemand();
  }

  /** Nodes that run at least, 0 to 450. Default: 0. */
  @Value.Default
  default int getMin() {
    return 0;
  }

  /** Nodes that run at most, 1 to 450. Required. */
  int getMax();

  /**
   * What nodes are for, as label {@code mlinfra.dev/purpose}, such as {@code training}. Required.
   */
  String getPurpose();

  /**
   * Size of the disk in GB, encrypted gp3; at least 100 with an accelerator, else 30. Default: 100.
   */
  @Value.Default
  default int getDiskGb() {
    return 100;
  }

  /**
   * Whether nodes of one job talk to each other: in one zone, close to each other, with adapters
   * for it (EFA). Default: no.
   */
  @Value.Default
  default boolean isMultiNode() {
    return false;
  }

  /** A new builder. */
  static Builder builder() {
    return new Builder();
  }

  /** Builds {@link GpuEksNodegroupProps}. */
  final class Builder extends ImmutableGpuEksNodegroupProps.Builder {}
}
