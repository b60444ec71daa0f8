package dev.mlinfra.cost;

import dev.mlinfra.core.Usage;
import java.util.List;
import java.util.stream.Stream;

/**
 * What an environment costs per month.
 *
 * @param environment its name
 * @param usage what a month looks like
 * @param resources how many resources it has
 * @param items what is billed
 * @param explained what has no price, and why
 * @param jobs what single jobs can cost
 */
public record Estimate(
    String environment,
    Usage usage,
    int resources,
    List<LineItem> items,
    List<Explained> explained,
    List<JobExposure> jobs) {

  public Estimate {
    items = List.copyOf(items);
    explained = List.copyOf(explained);
    jobs = List.copyOf(jobs);
  }

  /** This and what another model says of the same environment. */
  public Estimate plus(Estimate other) {
    if (!environment.equals(other.environment) || !usage.equals(other.usage)) {
      throw new IllegalArgumentException("not the same environment: " + environment);
    }
    return new Estimate(
        environment,
        usage,
        resources + other.resources,
        Stream.concat(items.stream(), other.items.stream()).toList(),
        Stream.concat(explained.stream(), other.explained.stream()).toList(),
        Stream.concat(jobs.stream(), other.jobs.stream()).toList());
  }

  /** The total at the environment's usage. */
  public Usd expected() {
    return items.stream().map(item -> item.expected().usd()).reduce(Usd.ZERO, Usd::plus);
  }

  /** The total at the most that is allowed; what nothing bounds counts as expected. */
  public Usd worst() {
    return items.stream().map(LineItem::worstUsd).reduce(Usd.ZERO, Usd::plus);
  }

  /** What all that can run at one time costs per hour. */
  public double maxHourlyUsd() {
    return items.stream().mapToDouble(LineItem::maxHourlyUsd).sum();
  }

  /** What nothing bounds, so that the worst case is not the worst. */
  public List<LineItem> unbounded() {
    return items.stream().filter(item -> item.worst().isEmpty()).toList();
  }

  /** What costs something that is not known here. */
  public List<Explained> notPriced() {
    return explained.stream().filter(one -> one.reason() == Explained.Reason.NOT_PRICED).toList();
  }
}
