package dev.mlinfra.aws;

import dev.mlinfra.core.Defaults;
import dev.mlinfra.core.Pattern;
import dev.mlinfra.cost.PriceBook;
import java.util.Optional;
import org.immutables.value.Value;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Size;
import software.amazon.awscdk.services.logs.RetentionDays;

/** Properties of {@link DistributedPrediction}; only the function has no default. */
@Value.Immutable
@PropsStyle
public interface DistributedPredictionProps {

  /** The function that predicts for each object or range, through its alias. Required. */
  PredictionLambda getPrediction();

  /**
   * What one run may cost at most, in USD: its items, each attempt as long as the function may
   * take, and planning. Default: 1.0.
   */
  @Value.Default
  default double getMaxRunUsd() {
    return defaults().budget().predictionJobUsd();
  }

  /**
   * Objects or ranges of one run, 1 to 10,000; a run with more is refused before any has been
   * predicted for. Default: as many as {@link #getMaxRunUsd} pays for.
   */
  Optional<Integer> getMaxItems();

  /** Data of one run at most, 1 to 48,000 GB; a run with more is refused. Default: 102400 MB. */
  @Value.Default
  default Size getMaxSize() {
    return Size.gibibytes(defaults().distributed().maxGb());
  }

  /**
   * Size of the ranges that one object is divided into, 5 to 65,536 MB; the last is smaller. What
   * the function does in its timeout with some to spare. Default: 256 MB.
   */
  @Value.Default
  default Size getRangeSize() {
    return Size.mebibytes(defaults().distributed().rangeMb());
  }

  /** Predictions at one time, at most what the function reserves, or 1000. Default: 5. */
  @Value.Default
  default int getMaxConcurrency() {
    return defaults().budget().maxConcurrentJobs();
  }

  /**
   * Share of the items that may fail before the run is stopped, 0 to 100 percent; at 0 the first
   * one stops it. Default: 0.0.
   */
  @Value.Default
  default double getToleratedFailurePercentage() {
    return defaults().distributed().toleratedFailurePercentage();
  }

  /** How many items may fail before the run is stopped. Default: only the share counts. */
  Optional<Integer> getToleratedFailureCount();

  /**
   * Further tries after a fault of Lambda's service, 0 to 5; each may cost what the first does.
   * What the function itself refuses is not tried again, throttled calls up to 8 times. Default: 1.
   */
  @Value.Default
  default int getRetryAttempts() {
    return defaults().distributed().retryAttempts();
  }

  /** Longest run, 1 minute to 30 days; waiting costs nothing. Default: 1 day. */
  @Value.Default
  default Duration getTimeout() {
    return Duration.days(1);
  }

  /** How long the logs are kept. Default: one month. */
  @Value.Default
  default RetentionDays getLogRetention() {
    return RetentionDays.ONE_MONTH;
  }

  /** X-Ray traces, which need permissions on {@code *}. Default: off. */
  @Value.Default
  default boolean isTracing() {
    return false;
  }

  /** Path of the new roles, such as {@code /ml/}. Default: {@code /}. */
  @Value.Default
  default String getRolePath() {
    return "/";
  }

  /** Prices that bound what a run can cost. Default: those that come with mlinfra. */
  @Value.Default
  default PriceBook getPrices() {
    return PriceBook.bundled();
  }

  /** A new builder. */
  static Builder builder() {
    return new Builder();
  }

  /** Builds {@link DistributedPredictionProps}. */
  final class Builder extends ImmutableDistributedPredictionProps.Builder {}

  private static Defaults defaults() {
    return Defaults.of(Pattern.BATCH);
  }
}
