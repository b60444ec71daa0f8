package dev.mlinfra.aws;

import org.immutables.value.Value;

/** Properties of {@link TaskCluster}; every one has a default. */
@Value.Immutable
@PropsStyle
public interface TaskClusterProps {

  /** Whether Container Insights measures tasks, at a price for each metric. Default: off. */
  @Value.Default
  default boolean isContainerInsights() {
    return false;
  }

  /** A new builder. */
  static Builder builder() {
    return new Builder();
  }

  /** Builds {@link TaskClusterProps}. */
  final class Builder extends ImmutableTaskClusterProps.Builder {}
}
