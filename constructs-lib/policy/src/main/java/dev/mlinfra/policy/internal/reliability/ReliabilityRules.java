package dev.mlinfra.policy.internal.reliability;

import dev.mlinfra.policy.internal.Rule;
import java.util.List;

/** The family {@code reliability}: what survives an interruption. */
public final class ReliabilityRules {
  public static final List<Rule> ALL =
      List.of(
          new AsyncDestination(),
          new BatchFinalExit(),
          new DeletionProtection(),
          new EcsRollback(),
          new GpuNodeDisk(),
          new GpuNodeTaint(),
          new HostLossRetry(),
          new ImdsV2(),
          new ManagedSpotTraining(),
          new PartialBatchResponse(),
          new QueueRedrive(),
          new QueueVisibility(),
          new SpotAllocation(),
          new SpotCheckpoint(),
          new SpotPriceCap(),
          new SpotSpread());

  private ReliabilityRules() {}
}
