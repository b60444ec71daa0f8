package dev.mlinfra.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * A pod of an account.
 *
 * @param id its id
 * @param name its name
 * @param status such as {@code RUNNING}
 * @param hourlyUsd what it costs now; 0 when it is stopped
 * @param createdAt when it was made
 * @param locked whether it cannot be deleted
 * @param owner the stack that made it, {@code project/stack}; empty when mlinfra did not
 * @param lease how long it may live; empty when nobody said
 * @param busy the busiest of its GPUs and its processor, in percent; empty when the API does not
 *     say
 */
record RunPodPod(
    String id,
    String name,
    String status,
    double hourlyUsd,
    Instant createdAt,
    boolean locked,
    Optional<String> owner,
    Optional<Duration> lease,
    OptionalInt busy) {

  /** Variables of a container that the provider and the training pod write. */
  private static final String OWNER = "MLINFRA_OWNER";

  private static final String LEASE = "GUARD_MAX_SECONDS";

  /** Reads an answer of the API. */
  static RunPodPod of(JsonNode pod) {
    JsonNode env = pod.path("env");
    return new RunPodPod(
        pod.path("id").asString(""),
        pod.path("name").asString(""),
        pod.path("status").asString(""),
        pod.path("cost").asDouble(0),
        Instant.parse(pod.path("createdAt").asString("")),
        pod.path("locked").asBoolean(false),
        env.path(OWNER).stringValueOpt(),
        env.path(LEASE)
            .stringValueOpt()
            .filter(text -> text.matches("[0-9]{1,9}"))
            .map(Long::parseLong)
            .map(Duration::ofSeconds),
        busy(pod.path("runtime")));
  }

  private static OptionalInt busy(JsonNode runtime) {
    return Stream.concat(
            runtime.path("gpus").valueStream().map(gpu -> gpu.path("util")),
            Stream.of(runtime.path("cpu").path("util")))
        .filter(JsonNode::isNumber)
        .mapToInt(JsonNode::asInt)
        .max();
  }

  /** How old it is. */
  Duration age(Instant now) {
    return Duration.between(createdAt, now);
  }

  /** What it cost so far, as if it had always cost what it costs now. */
  double spentUsd(Instant now) {
    return hourlyUsd * age(now).toSeconds() / Duration.ofHours(1).toSeconds();
  }
}
