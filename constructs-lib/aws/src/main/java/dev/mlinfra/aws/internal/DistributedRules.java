package dev.mlinfra.aws.internal;

import dev.mlinfra.aws.DistributedPredictionProps;
import dev.mlinfra.core.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the properties of a distributed prediction must satisfy. */
public final class DistributedRules {
  /** What Step Functions runs at one time at most, and what S3 takes as parts of one object. */
  public static final int MOST_ITEMS = 10_000;

  private static final int LEAST_RANGE_MB = 5;
  private static final int MOST_RANGE_MB = 64 << 10;
  private static final int LONGEST_DAYS = 30;

  private final List<Problem> problems = new ArrayList<>();

  private DistributedRules() {}

  /**
   * Every problem of the properties.
   *
   * @param cost what items cost; empty where there is no price
   * @param reserved how many predictions can run at one time; empty for the account's limit
   * @param vpcOnly whether the bucket can be reached through VPC endpoints alone
   */
  public static List<Problem> problems(
      DistributedPredictionProps props,
      Optional<RunCost> cost,
      Optional<Integer> reserved,
      boolean vpcOnly) {
    DistributedRules rules = new DistributedRules();
    rules.within("retryAttempts", props.getRetryAttempts(), 0, 5, "");
    rules.within(
        "maxConcurrency",
        props.getMaxConcurrency(),
        1,
        reserved.orElse(1000),
        reserved.isPresent()
            ? "the function reserves " + reserved.get() + " runs at one time"
            : "");
    rules.tolerated(props);
    rules.within(
        "rangeSize",
        props.getRangeSize().toMebibytes().intValue(),
        LEAST_RANGE_MB,
        MOST_RANGE_MB,
        "in MB");
    rules.within("maxSize", props.getMaxSize().toGibibytes().intValue(), 1, 48_000, "in GB");
    long seconds = props.getTimeout().toSeconds().longValue();
    if (seconds < 60 || seconds > LONGEST_DAYS * 86_400L) {
      rules.problem("timeout", "given " + seconds + " s", "1 minute to 30 days", "");
    }
    if (vpcOnly) {
      rules.problem(
          "prediction",
          "objects of its bucket can be reached through VPC endpoints alone",
          "a bucket that Step Functions can read and write",
          "take the restriction off the bucket, or run the function yourself");
    }
    rules.cost(props, cost);
    return rules.problems;
  }

  private void tolerated(DistributedPredictionProps props) {
    double percentage = props.getToleratedFailurePercentage();
    if (!(percentage >= 0 && percentage <= 100)) {
      problem("toleratedFailurePercentage", "given " + percentage, "0 to 100", "");
    }
    props
        .getToleratedFailureCount()
        .ifPresent(count -> within("toleratedFailureCount", count, 0, MOST_ITEMS, ""));
  }

  private void cost(DistributedPredictionProps props, Optional<RunCost> known) {
    props.getMaxItems().ifPresent(items -> within("maxItems", items, 1, MOST_ITEMS, ""));
    if (!(props.getMaxRunUsd() > 0)) {
      problem("maxRunUsd", "given " + props.getMaxRunUsd(), "above 0", "");
      return;
    }
    if (known.isEmpty()) {
      problem(
          "prices",
          "none of Lambda's GB-seconds or of Step Functions' transitions",
          "prices that bound what a run can cost",
          "refresh the prices, or leave them out for the bundled ones");
      return;
    }
    RunCost cost = known.get();
    int affordable = cost.itemsFor(props.getMaxRunUsd(), MOST_ITEMS);
    int items = props.getMaxItems().orElse(Math.max(affordable, 1));
    if (items > affordable) {
      problem(
          "maxItems",
          String.format(
              Locale.ROOT,
              "%d x %s + %.4f USD for the run itself = %.2f USD at most",
              items,
              cost.arithmetic(),
              cost.usdPerRun(),
              cost.usd(items)),
          String.format(Locale.ROOT, "%.2f USD, maxRunUsd", props.getMaxRunUsd()),
          affordable > 0
              ? "at most "
                  + affordable
                  + " items, a shorter timeout of the function, or a higher limit"
              : "a shorter timeout or less memory of the function, or a higher limit");
    }
  }

  private void within(String name, int value, int least, int most, String note) {
    if (value < least || value > most) {
      problem(name, "given " + value, least + " to " + most, note);
    }
  }

  private void problem(String path, String given, String allowed, String fix) {
    problems.add(Problem.of(path, given, allowed, fix));
  }
}
