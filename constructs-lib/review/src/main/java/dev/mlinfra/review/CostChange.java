package dev.mlinfra.review;

import dev.mlinfra.cost.Estimate;
import java.util.Optional;

/**
 * What one environment costs before and after.
 *
 * @param environment its name
 * @param base as it was; empty when the environment is new
 * @param head as it will be; empty when the environment goes
 */
public record CostChange(String environment, Optional<Estimate> base, Optional<Estimate> head) {

  /** How much more it costs a month at the environment's usage, in USD; less is negative. */
  public double expectedUsd() {
    return head.map(it -> it.expected().high()).orElse(0.0)
        - base.map(it -> it.expected().high()).orElse(0.0);
  }

  /** How much more it costs a month at most, in USD; less is negative. */
  public double worstUsd() {
    return head.map(it -> it.worst().high()).orElse(0.0)
        - base.map(it -> it.worst().high()).orElse(0.0);
  }
}
