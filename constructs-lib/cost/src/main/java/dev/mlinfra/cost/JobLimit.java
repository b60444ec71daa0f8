package dev.mlinfra.cost;

import dev.mlinfra.cost.LimitResult.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What one job may cost.
 *
 * @param limit key below {@code budget}
 * @param allowed USD
 * @param warnAt share of it at which a warning starts
 * @param substitutes what can stand in for something dear
 */
record JobLimit(String limit, double allowed, double warnAt, Substitutes substitutes) {
  private static final double MS_PER_HOUR = 3_600_000;

  LimitResult check(JobExposure job) {
    boolean bounded = job.attempts().isPresent() && job.timeout().isPresent();
    OptionalDouble usd =
        job.usd().map(amount -> OptionalDouble.of(amount.high())).orElseGet(OptionalDouble::empty);
    Status status =
        bounded && usd.isEmpty() ? Status.UNDECIDED : Limits.status(usd, allowed, warnAt);
    return new LimitResult(
        limit,
        job.where(),
        status,
        usd,
        allowed,
        "USD",
        arithmetic(job, usd),
        status == Status.OVER ? changes(job, usd) : List.of());
  }

  private String arithmetic(JobExposure job, OptionalDouble usd) {
    String product = Words.exposure(job);
    List<String> unbounded = unbounded(job);
    if (!unbounded.isEmpty()) {
      return product + ": nothing bounds its " + String.join(" and ", unbounded);
    }
    return usd.isPresent()
        ? product + " " + Limits.compared(usd.getAsDouble(), allowed)
        : product + ", which cannot be held against " + Words.usd(allowed);
  }

  private static List<String> unbounded(JobExposure job) {
    List<String> unbounded = new ArrayList<>();
    if (job.attempts().isEmpty()) {
      unbounded.add("attempts");
    }
    if (job.timeout().isEmpty()) {
      unbounded.add("time");
    }
    return unbounded;
  }

  /** What would keep the limit: another type, then fewer attempts, then less time. */
  private List<String> changes(JobExposure job, OptionalDouble usd) {
    List<String> changes = new ArrayList<>();
    if (job.hourly().isEmpty()) {
      changes.add("bound its " + String.join(" and ", unbounded(job)));
      return changes;
    }
    Charge hourly = job.hourly().get();
    if (usd.isPresent()) {
      otherType(job, hourly).ifPresent(changes::add);
    }
    job.timeout().flatMap(timeout -> attempts(job, timeout, hourly)).ifPresent(changes::add);
    timeout(job, hourly).ifPresent(changes::add);
    usd.ifPresent(amount -> changes.add(Limits.raise(limit, amount)));
    return changes;
  }

  private Optional<String> otherType(JobExposure job, Charge hourly) {
    double hours = job.attempts().getAsInt() * hours(job.timeout().orElseThrow());
    return substitutes.of(hourly.price()).stream()
        .map(price -> new Charge(hourly.quantity(), price, hourly.why()))
        .filter(other -> Limits.fits(hours * other.usd().high(), allowed))
        .findFirst()
        .map(
            other ->
                "allow no type dearer than %s: %s"
                    .formatted(
                        other.price().item(),
                        sum(
                            job.attempts().getAsInt(),
                            job.timeout().orElseThrow(),
                            other,
                            Words.hourlyOf(other))));
  }

  private Optional<String> attempts(JobExposure job, Duration timeout, Charge hourly) {
    int most = (int) Math.min(1_000, Math.floor(allowed / (hours(timeout) * hourly.usd().high())));
    return most < 1 || (job.attempts().isPresent() && most >= job.attempts().getAsInt())
        ? Optional.empty()
        : Optional.of(
            "at most %s: %s"
                .formatted(
                    Words.count(most, "attempt"),
                    sum(most, timeout, hourly, Words.hourly(hourly))));
  }

  private Optional<String> timeout(JobExposure job, Charge hourly) {
    int attempts = job.attempts().orElse(1);
    double hours = allowed / (attempts * hourly.usd().high());
    Duration most = Duration.ofSeconds((long) Math.min(hours * 3600, Integer.MAX_VALUE));
    if (most.toMinutes() > 0) {
      most = Duration.ofMinutes(most.toMinutes());
    }
    if (most.isZero() || (job.timeout().isPresent() && most.compareTo(job.timeout().get()) >= 0)) {
      return Optional.empty();
    }
    return Optional.of(
        "%sa timeout of at most %s: %s"
            .formatted(
                job.attempts().isPresent() ? "" : "1 attempt and ",
                Words.duration(most),
                sum(attempts, most, hourly, Words.hourly(hourly))));
  }

  private static String sum(int attempts, Duration timeout, Charge hourly, String price) {
    double usd = attempts * hours(timeout) * hourly.usd().high();
    return "%s x %s x %s = %s".formatted(attempts, Words.duration(timeout), price, Words.usd(usd));
  }

  private static double hours(Duration duration) {
    return duration.toMillis() / MS_PER_HOUR;
  }
}
