package dev.mlinfra.local.runpod;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;

/** The system's clock, moved ahead by what a test wants to pass. */
public final class MovableClock extends Clock {
  private final Clock base = Clock.systemUTC();
  private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);

  /** A clock that shows the time. */
  public MovableClock() {}

  /**
   * Lets time pass.
   *
   * @param time how much; not negative
   */
  public void advance(Duration time) {
    if (time.isNegative()) {
      throw new IllegalArgumentException(
          "Time cannot go back by " + time + "; advance by 0 or more");
    }
    ahead.updateAndGet(before -> before.plus(time));
  }

  @Override
  public Instant instant() {
    return base.instant().plus(ahead.get());
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  /** This clock: what the emulator does depends on no zone. */
  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
