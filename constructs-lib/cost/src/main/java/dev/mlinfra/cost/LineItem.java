package dev.mlinfra.cost;

import dev.mlinfra.template.ResourceId;
import java.util.Optional;

/**
 * One thing that is billed for a resource.
 *
 * @param resource the resource
 * @param where how to name the resource to a person
 * @param type type of the resource
 * @param workload what it is for, by its cost tag; empty when it has none
 * @param what what is billed, such as {@code requests} or {@code g5.xlarge}
 * @param kind how it is billed
 * @param expected at the environment's usage
 * @param worst at the most that the resource allows; empty when nothing bounds it, and then the
 *     worst case counts what is expected and says so
 */
public record LineItem(
    ResourceId resource,
    String where,
    String type,
    String workload,
    String what,
    Kind kind,
    Charge expected,
    Optional<Charge> worst) {

  /** Hours of a month, as price lists count them. */
  public static final double HOURS_PER_MONTH = 730;

  /** How something is billed. */
  public enum Kind {
    /** By the time that it runs. */
    RUNNING,
    /** By what lies there. */
    STORED,
    /** By what is done. */
    USED
  }

  /** In the worst case, or what is expected where nothing bounds it. */
  public Usd worstUsd() {
    return worst.orElse(expected).usd();
  }

  /** What it adds to each hour at most; nothing for what does not run. */
  public double maxHourlyUsd() {
    return kind == Kind.RUNNING ? worstUsd().high() / HOURS_PER_MONTH : 0;
  }
}
