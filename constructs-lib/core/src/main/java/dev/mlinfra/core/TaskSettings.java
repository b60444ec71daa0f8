package dev.mlinfra.core;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A program that runs to its end on Fargate.
 *
 * @param name name, such as {@code nightly-pipeline}
 * @param image which of {@link SharedSettings#images} it runs
 * @param imageTag its tag; empty: what the image pipeline recorded
 * @param cpu CPU units, 1024 for each vCPU
 * @param memoryMb memory, in MB
 * @param schedule when it runs, as {@code cron(…)}, {@code rate(…)} or {@code at(…)}; empty: when
 *     somebody starts it
 * @param timeZone time zone of the schedule
 * @param maxRuntime longest run
 * @param spot whether it runs on spot capacity
 * @param command in place of the image's own; empty: that of the image
 * @param variables variables of the program
 * @param secretVariables variables of the program, each with the name of a secret
 * @param emails who is told of its ends
 * @param logRetentionDays days that logs are kept
 */
public record TaskSettings(
    String name,
    String image,
    Optional<String> imageTag,
    int cpu,
    int memoryMb,
    Optional<String> schedule,
    String timeZone,
    Duration maxRuntime,
    boolean spot,
    List<String> command,
    Map<String, String> variables,
    Map<String, String> secretVariables,
    List<String> emails,
    int logRetentionDays) {

  public TaskSettings {
    command = List.copyOf(command);
    variables = Map.copyOf(variables);
    secretVariables = Map.copyOf(secretVariables);
    emails = List.copyOf(emails);
  }

  /** Shortest limit of a run. */
  public static final Duration SHORTEST_RUNTIME = Duration.ofMinutes(1);

  /** Longest limit of a run. */
  public static final Duration LONGEST_RUNTIME = Duration.ofHours(24);
}
