package dev.mlinfra.cost;

import dev.mlinfra.core.Budget;
import dev.mlinfra.core.Defaults;
import dev.mlinfra.core.Pattern;
import dev.mlinfra.cost.LimitResult.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The limits of a budget, held against an estimate. Immutable; amounts are compared in whole cents,
 * and of a range the high end counts.
 *
 * <table>
 * <caption>What is compared</caption>
 * <tr><th>limit</th><th>with</th></tr>
 * <tr><td>{@code monthlyUsd}</td><td>the month as the environment is used</td></tr>
 * <tr><td>{@code worstCaseMonthlyUsd}</td><td>the month at the most that is allowed</td></tr>
 * <tr><td>{@code maxHourlyUsd}</td><td>all that can run at one time</td></tr>
 * <tr><td>{@code maxConcurrentJobs}</td><td>training jobs that can run at one time</td></tr>
 * <tr><td>{@code trainingJobUsd}, {@code predictionJobUsd}</td><td>each job whose cost tag {@code
 * workload} is {@code training} or {@code prediction}: attempts x timeout x price</td></tr>
 * </table>
 */
public final class Limits {
  private final Budget budget;
  private final Substitutes substitutes;

  private Limits(Budget budget, Substitutes substitutes) {
    this.budget = budget;
    this.substitutes = substitutes;
  }

  /** The limits of a budget; changes are looked for in the prices that come along. */
  public static Limits of(Budget budget) {
    return new Limits(budget, Substitutes.smallerSizes(PriceBook.bundled()));
  }

  /**
   * One limit alone, of what has no budget: on the month as the environment is used. A warning
   * starts at 80 % of it.
   */
  public static LimitResult monthly(double allowedUsd, Estimate estimate) {
    Budget usual = Defaults.of(Pattern.BATCH).budget();
    return new TotalLimits(estimate, Substitutes.smallerSizes(PriceBook.bundled()), usual.warnAt())
        .expected(allowedUsd);
  }

  /** The same, with other ideas of what can stand in for something dear. */
  public Limits withSubstitutes(Substitutes substitutes) {
    return new Limits(budget, substitutes);
  }

  /** Every limit, those of the environment first, then job by job. */
  public List<LimitResult> check(Estimate estimate) {
    List<LimitResult> results = new ArrayList<>();
    TotalLimits totals = new TotalLimits(estimate, substitutes, budget.warnAt());
    results.add(totals.expected(budget.monthlyUsd()));
    results.add(totals.worst(budget.worstCaseMonthlyUsd()));
    results.add(totals.hourly(budget.maxHourlyUsd()));
    results.add(totals.concurrentJobs(budget.maxConcurrentJobs()));
    JobLimit training =
        new JobLimit("trainingJobUsd", budget.trainingJobUsd(), budget.warnAt(), substitutes);
    JobLimit prediction =
        new JobLimit("predictionJobUsd", budget.predictionJobUsd(), budget.warnAt(), substitutes);
    for (JobExposure job : estimate.jobs()) {
      if (job.workload().equals("training")) {
        results.add(training.check(job));
      } else if (job.workload().equals("prediction")) {
        results.add(prediction.check(job));
      }
    }
    return List.copyOf(results);
  }

  /** Where an amount stands; both in cents. */
  static Status status(OptionalDouble amount, double allowed, double warnAt) {
    if (amount.isEmpty() || Words.cents(amount.getAsDouble()).compareTo(Words.cents(allowed)) > 0) {
      return Status.OVER;
    }
    boolean warns = Words.cents(amount.getAsDouble()).compareTo(Words.cents(allowed * warnAt)) >= 0;
    return warns ? Status.WARNING : Status.FINE;
  }

  /** Whether an amount keeps a limit. */
  static boolean fits(double amount, double allowed) {
    return Words.cents(amount).compareTo(Words.cents(allowed)) <= 0;
  }

  /** {@code > 10.00 USD}. */
  static String compared(double amount, double allowed) {
    return (fits(amount, allowed) ? "<= " : "> ") + Words.usd(allowed);
  }

  /** The change that is always there: {@code allow it: budget.trainingJobUsd: 14.55}. */
  static String raise(String limit, double amount) {
    return "allow it: budget.%s: %s"
        .formatted(limit, Words.cents(amount).stripTrailingZeros().toPlainString());
  }
}
