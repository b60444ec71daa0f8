package dev.mlinfra.cost;

import java.util.List;
import java.util.OptionalDouble;

/**
 * Whether one limit of a budget is kept.
 *
 * @param limit the key below {@code budget} in the environment file, such as {@code monthlyUsd}
 * @param where the job that is meant; empty when it is the environment as a whole
 * @param status whether it is kept
 * @param amount what is compared, the high end of a range; empty when it is not known or nothing
 *     bounds it
 * @param allowed the limit
 * @param unit of both: {@code USD a month}, {@code USD}, {@code USD an hour} or {@code jobs}
 * @param arithmetic how the amount comes about and how it compares, for a reader to do again
 * @param changes what would keep a limit that is not kept, each enough by itself, the least first;
 *     the last one raises the limit
 */
public record LimitResult(
    String limit,
    String where,
    Status status,
    OptionalDouble amount,
    double allowed,
    String unit,
    String arithmetic,
    List<String> changes) {

  public LimitResult {
    changes = List.copyOf(changes);
  }

  /** Whether a limit is kept. */
  public enum Status {
    /** It is. */
    FINE,
    /** It is, but the amount has reached the share of it at which a warning starts. */
    WARNING,
    /** It is not, or nothing bounds what it limits. */
    OVER,
    /** That is not known: something has no price. */
    UNDECIDED
  }

  /** Whether the limit is not kept. */
  public boolean isOver() {
    return status == Status.OVER;
  }

  /** The limit, and the job where one is meant: {@code trainingJobUsd of dev/Training/Job}. */
  public String name() {
    return where.isEmpty() ? limit : limit + " of " + where;
  }
}
