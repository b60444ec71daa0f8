package dev.mlinfra.provider.runpod;

import java.time.Duration;
import java.util.Optional;

/**
 * How often and how long a call is repeated.
 *
 * @param attempts how often at most, the first time included
 * @param budget how long at most, all waiting included
 * @param firstWait before the second attempt; doubled each time
 */
record RetryPolicy(int attempts, Duration budget, Duration firstWait) {
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

  static RetryPolicy defaults() {
    return new RetryPolicy(5, Duration.ofMinutes(2), Duration.ofMillis(500));
  }

  /**
   * How long to wait before the next attempt; empty when there is none.
   *
   * @param made attempts so far
   * @param spent time so far
   * @param asked what Retry-After says; a wait is never shorter
   */
  Optional<Duration> next(int made, Duration spent, Optional<Duration> asked) {
    if (made >= attempts) {
      return Optional.empty();
    }
    Duration own = firstWait.multipliedBy(1L << Math.min(made - 1, 10));
    Duration bounded = own.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : own;
    Duration wait = asked.filter(time -> time.compareTo(bounded) > 0).orElse(bounded);
    return Optional.of(wait).filter(time -> spent.plus(time).compareTo(budget) <= 0);
  }
}
