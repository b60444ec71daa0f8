package dev.mlinfra.cost;

import dev.mlinfra.template.ResourceId;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What one job can cost at most: attempts x timeout x the dearest price that it may run at.
 *
 * @param resource what defines the job
 * @param where how to name it to a person
 * @param workload what it is for, by its cost tag: {@code training}, {@code prediction} …
 * @param attempts how often it is tried, the first included; empty when nothing bounds it
 * @param timeout of one attempt; empty when nothing bounds it
 * @param hourly what an hour of one attempt costs at most; empty when not priced
 * @param atOnce how many can run at one time; empty when nothing bounds it
 */
public record JobExposure(
    ResourceId resource,
    String where,
    String workload,
    OptionalInt attempts,
    Optional<Duration> timeout,
    Optional<Charge> hourly,
    OptionalInt atOnce) {

  /** Attempts x timeout x price; empty when one of them has no bound or no price. */
  public Optional<Usd> usd() {
    if (attempts.isEmpty() || timeout.isEmpty() || hourly.isEmpty()) {
      return Optional.empty();
    }
    double hours = attempts.getAsInt() * timeout.get().toMillis() / 3_600_000.0;
    return Optional.of(hourly.get().usd().times(hours));
  }
}
