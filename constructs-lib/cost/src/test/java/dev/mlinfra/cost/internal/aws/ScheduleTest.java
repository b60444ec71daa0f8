package dev.mlinfra.cost.internal.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ScheduleTest {
  private static double runs(String expression) {
    return Schedule.runsPerMonth(expression).orElseThrow();
  }

  @Test
  void countsRates() {
    assertThat(runs("rate(1 hour)")).isEqualTo(730);
    assertThat(runs("rate(5 minutes)")).isCloseTo(730 * 12, within(1e-6));
    assertThat(runs("rate(7 days)")).isCloseTo(730 / 168.0, within(1e-9));
  }

  @Test
  void countsCrons() {
    double days = 730 / 24.0;
    assertThat(runs("cron(0 6 * * ? *)")).isCloseTo(days, within(1e-9));
    assertThat(runs("cron(0/15 * * * ? *)")).isCloseTo(days * 24 * 4, within(1e-6));
    assertThat(runs("cron(0 8,20 ? * MON-FRI *)")).isCloseTo(days / 7 * 5 * 2, within(1e-9));
    assertThat(runs("cron(0 0 1 * ? *)")).isEqualTo(1);
    assertThat(runs("cron(0 0 L * ? *)")).isEqualTo(1);
    assertThat(runs("cron(0 0 ? * 6#3 *)")).isEqualTo(1);
    assertThat(runs("cron(0 0 1/2 JAN-MAR ? *)")).isCloseTo(16 * 3 / 12.0, within(1e-9));
  }

  @Test
  void aDateIsOnce() {
    assertThat(runs("at(2026-01-01T00:00:00)")).isEqualTo(1);
  }

  @Test
  void whatIsNoScheduleIsNotCounted() {
    assertThat(Schedule.runsPerMonth("rate(0 minutes)")).isEmpty();
    assertThat(Schedule.runsPerMonth("cron(a b)")).isEmpty();
    assertThat(Schedule.runsPerMonth("cron(0 0 ? * XYZ-FRI *)")).isEmpty();
    assertThat(Schedule.runsPerMonth("daily")).isEmpty();
  }
}
