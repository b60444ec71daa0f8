package dev.mlinfra.cost;

import dev.mlinfra.cost.LimitResult.Status;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * What an environment as a whole may cost.
 *
 * @param estimate what it costs
 * @param substitutes what can stand in for something dear
 * @param warnAt share of a limit at which a warning starts
 */
record TotalLimits(Estimate estimate, Substitutes substitutes, double warnAt) {
  private static final int SHOWN = 3;
  private static final String TRAINING = "training";

  LimitResult expected(double allowed) {
    String limit = "monthlyUsd";
    double usd = estimate.expected().high();
    String arithmetic =
        sum(estimate.items(), item -> item.expected().usd().high())
            + " = "
            + Words.usd(usd)
            + " "
            + Limits.compared(usd, allowed)
            + notPriced();
    return new LimitResult(
        limit,
        "",
        Limits.status(OptionalDouble.of(usd), allowed, warnAt),
        OptionalDouble.of(usd),
        allowed,
        "USD a month",
        arithmetic,
        expectedChanges(limit, usd, allowed));
  }

  LimitResult worst(double allowed) {
    return atMost(
        "worstCaseMonthlyUsd",
        "USD a month",
        allowed,
        estimate.worst().high(),
        1,
        estimate.items(),
        otherUnbounded());
  }

  LimitResult hourly(double allowed) {
    return atMost(
        "maxHourlyUsd",
        "USD an hour",
        allowed,
        estimate.maxHourlyUsd(),
        LineItem.HOURS_PER_MONTH,
        running(),
        "");
  }

  LimitResult concurrentJobs(int allowed) {
    String limit = "maxConcurrentJobs";
    List<JobExposure> jobs =
        estimate.jobs().stream().filter(job -> job.workload().equals(TRAINING)).toList();
    List<JobExposure> unbounded = jobs.stream().filter(job -> job.atOnce().isEmpty()).toList();
    int bounded = jobs.stream().mapToInt(job -> job.atOnce().orElse(0)).sum();
    OptionalDouble amount =
        unbounded.isEmpty() ? OptionalDouble.of(bounded) : OptionalDouble.empty();
    Status status = Limits.status(amount, allowed, warnAt);
    String sum =
        jobs.stream()
            .map(
                job ->
                    (job.atOnce().isEmpty() ? "any number" : job.atOnce().getAsInt())
                        + " of "
                        + job.where())
            .collect(Collectors.joining(" + "));
    List<String> changes = new ArrayList<>();
    if (status == Status.OVER) {
      jobs.stream()
          .max(Comparator.comparingInt(job -> job.atOnce().orElse(Integer.MAX_VALUE)))
          .filter(job -> allowed - bounded + job.atOnce().orElse(0) > 0)
          .filter(job -> unbounded.size() <= 1)
          .ifPresent(
              job ->
                  changes.add(
                      "at most %s at one time of %s"
                          .formatted(allowed - bounded + job.atOnce().orElse(0), job.where())));
      amount.ifPresent(most -> changes.add("allow it: budget." + limit + ": " + (int) most));
    }
    return new LimitResult(
        limit,
        "",
        status,
        amount,
        allowed,
        "jobs",
        jobs.isEmpty()
            ? "no job has the workload training"
            : unbounded.isEmpty()
                ? "%s = %s %s %s".formatted(sum, bounded, bounded > allowed ? ">" : "<=", allowed)
                : sum + ": nothing bounds how many run at one time",
        changes);
  }

  /**
   * A limit on what runs at its maximum. What nothing bounds counts as expected; where that runs by
   * the hour, the limit is undecided at best.
   *
   * @param perMonth how many of the limit's unit a month has: 1 for the month itself
   * @param remark what else is to be said of the amount
   */
  private LimitResult atMost(
      String limit,
      String unit,
      double allowed,
      double usd,
      double perMonth,
      List<LineItem> items,
      String remark) {
    ToDoubleFunction<LineItem> share = item -> item.worstUsd().high() / perMonth;
    List<String> open =
        running().stream()
            .filter(item -> item.worst().isEmpty())
            .map(TotalLimits::name)
            .sorted()
            .toList();
    List<String> changes = new ArrayList<>();
    if (!Limits.fits(usd, allowed)) {
      changes.addAll(new Maximums(estimate, share).lower(items, usd, allowed));
      changes.add(Limits.raise(limit, usd));
    } else if (!open.isEmpty()) {
      changes.add("bound how many can run: " + String.join(", ", open));
    }
    String arithmetic =
        sum(items, share)
            + " = "
            + Words.usd(usd)
            + " "
            + Limits.compared(usd, allowed)
            + (open.isEmpty()
                ? ""
                : "; nothing bounds how many run, so as expected: " + String.join(", ", open))
            + remark
            + notPriced();
    Status status = Limits.status(OptionalDouble.of(usd), allowed, warnAt);
    return new LimitResult(
        limit,
        "",
        status == Status.OVER || open.isEmpty() ? status : Status.UNDECIDED,
        OptionalDouble.of(usd),
        allowed,
        unit,
        arithmetic,
        changes);
  }

  private List<LineItem> running() {
    return estimate.items().stream().filter(item -> item.kind() == LineItem.Kind.RUNNING).toList();
  }

  /** {@code 12.00 USD (dev/A: x) + 3.00 USD (dev/B: y) + 1.50 USD (9 others)}. */
  private static String sum(List<LineItem> items, ToDoubleFunction<LineItem> amount) {
    List<LineItem> sorted = dearestFirst(items, amount);
    List<String> parts = new ArrayList<>();
    int shown = sorted.size() == SHOWN + 1 ? sorted.size() : Math.min(SHOWN, sorted.size());
    for (LineItem item : sorted.subList(0, shown)) {
      parts.add(Words.usd(amount.applyAsDouble(item)) + " (" + name(item) + ")");
    }
    List<LineItem> rest = sorted.subList(shown, sorted.size());
    if (!rest.isEmpty()) {
      double usd = rest.stream().mapToDouble(amount).sum();
      parts.add(Words.usd(usd) + " (" + rest.size() + " others)");
    }
    return parts.isEmpty() ? "nothing that costs" : String.join(" + ", parts);
  }

  private static String name(LineItem item) {
    return item.where() + ": " + item.what();
  }

  private String notPriced() {
    int count = estimate.notPriced().size();
    return count == 0 ? "" : "; without what has no price here: " + Words.count(count, "place");
  }

  private String otherUnbounded() {
    long count =
        estimate.unbounded().stream().filter(item -> item.kind() != LineItem.Kind.RUNNING).count();
    return count == 0
        ? ""
        : "; as expected, since nothing bounds what is stored or done: "
            + Words.count(count, "line");
  }

  private List<String> expectedChanges(String limit, double usd, double allowed) {
    List<String> changes = new ArrayList<>();
    if (Limits.fits(usd, allowed)) {
      return changes;
    }
    otherType(usd, allowed).ifPresent(changes::add);
    double trainingHours = estimate.usage().trainingHoursPerMonth();
    double predictions = (double) estimate.usage().predictionsPerMonth();
    double dataGb = estimate.usage().dataGb();
    lessUsage("trainingHoursPerMonth", trainingHours, usd, allowed).ifPresent(changes::add);
    lessUsage("predictionsPerMonth", predictions, usd, allowed).ifPresent(changes::add);
    lessUsage("dataGb", dataGb, usd, allowed).ifPresent(changes::add);
    changes.add(Limits.raise(limit, usd));
    return changes;
  }

  /** Lines follow a usage in proportion when they say that their quantity comes from it. */
  private Optional<String> lessUsage(String key, double given, double usd, double allowed) {
    double depends =
        estimate.items().stream()
            .filter(item -> item.expected().why().contains("usage." + key))
            .mapToDouble(item -> item.expected().usd().high())
            .sum();
    double rest = usd - depends;
    double most = depends == 0 ? 0 : Math.floor(given * (allowed - rest) / depends);
    if (most < 1 || most >= given) {
      return Optional.empty();
    }
    double then = rest + depends * most / given;
    return Optional.of(
        "usage.%s of at most %s instead of %s: %s + %s x %s / %s = %s"
            .formatted(
                key,
                Words.number(most),
                Words.number(given),
                Words.usd(rest),
                Words.usd(depends),
                Words.number(most),
                Words.number(given),
                Words.usd(then)));
  }

  /** The one line whose type can be had cheaper, if that alone is enough. */
  private Optional<String> otherType(double usd, double allowed) {
    ToDoubleFunction<LineItem> amount = item -> item.expected().usd().high();
    for (LineItem item : dearestFirst(running(), amount)) {
      Charge charge = item.expected();
      for (Price price : substitutes.of(charge.price())) {
        Charge other = new Charge(charge.quantity(), price, charge.why());
        double then = usd - charge.usd().high() + other.usd().high();
        if (Limits.fits(then, allowed)) {
          return Optional.of(
              "%s instead of %s for %s: %s = %s instead of %s, %s in all"
                  .formatted(
                      price.item(),
                      charge.price().item(),
                      item.where(),
                      Words.product(other),
                      Words.usd(other.usd().high()),
                      Words.usd(charge.usd().high()),
                      Words.usd(then)));
        }
      }
    }
    return Optional.empty();
  }

  private static List<LineItem> dearestFirst(
      List<LineItem> items, ToDoubleFunction<LineItem> amount) {
    return items.stream()
        .filter(item -> amount.applyAsDouble(item) > 0)
        .sorted(Comparator.comparingDouble(amount).reversed().thenComparing(TotalLimits::name))
        .toList();
  }
}
