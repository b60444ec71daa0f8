package dev.mlinfra.core;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The prediction function.
 *
 * @param memoryMb memory, in MB
 * @param timeout longest run
 * @param reservedConcurrency runs at one time at most; empty: the account's limit
 * @param runtime Lambda runtime, {@code java21} or {@code java25}
 * @param retryAttempts further tries of a failed asynchronous call, 0 to 2
 * @param maxEventAge age at which an asynchronous call is given up, 1 minute to 6 hours
 * @param logRetentionDays days that logs are kept
 * @param tracing whether X-Ray traces are written
 * @param distributed runs over many objects or ranges; empty: none
 */
public record PredictionSettings(
    int memoryMb,
    Duration timeout,
    OptionalInt reservedConcurrency,
    String runtime,
    int retryAttempts,
    Duration maxEventAge,
    int logRetentionDays,
    boolean tracing,
    Optional<DistributedSettings> distributed) {

  /** Longest run that Lambda allows. */
  public static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(15);

  /** Shortest age at which Lambda may give up an asynchronous call. */
  public static final Duration SHORTEST_EVENT_AGE = Duration.ofMinutes(1);

  /** Longest age at which Lambda must give up an asynchronous call. */
  public static final Duration LONGEST_EVENT_AGE = Duration.ofHours(6);
}
