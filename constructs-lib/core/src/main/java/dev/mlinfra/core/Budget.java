package dev.mlinfra.core;

/**
 * What may be spent, in USD.
 *
 * @param monthlyUsd per month, as the environment is used
 * @param worstCaseMonthlyUsd per month if everything runs at its maximum all the time
 * @param warnAt share of a limit at which a warning starts, 0 to 1
 * @param trainingJobUsd one training job at most
 * @param predictionJobUsd one prediction job at most
 * @param maxHourlyUsd all that runs at one time, per hour
 * @param maxConcurrentJobs jobs that may run at one time
 */
public record Budget(
    double monthlyUsd,
    double worstCaseMonthlyUsd,
    double warnAt,
    double trainingJobUsd,
    double predictionJobUsd,
    double maxHourlyUsd,
    int maxConcurrentJobs) {

  /** {@link #worstCaseMonthlyUsd} where nobody gives it, as a multiple of {@link #monthlyUsd}. */
  public static final double WORST_CASE_FACTOR = 10;
}
