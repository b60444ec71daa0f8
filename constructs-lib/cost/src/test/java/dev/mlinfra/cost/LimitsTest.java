package dev.mlinfra.cost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.core.Budget;
import dev.mlinfra.core.Defaults;
import dev.mlinfra.core.Pattern;
import dev.mlinfra.cost.LimitResult.Status;
import dev.mlinfra.cost.LineItem.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LimitsTest {
  private static final Price G5 = Estimates.ec2("g5.2xlarge", 1.212);
  private static final Price SMALL = Estimates.ec2("g5.xlarge", 1.006);
  private static final Charge HOUR = new Charge(1, G5, "one at a time");
  private static final Substitutes SUBSTITUTES =
      Substitutes.smallerSizes(
          PriceBook.of(List.of(G5, SMALL, Estimates.ec2("g5.4xlarge", 1.624))));

  /** The defaults with one limit of its own. */
  private record Given(String limit, double allowed) {
    LimitResult of(Estimates estimates) {
      Budget all = Estimates.generous();
      Budget budget =
          new Budget(
              limit.equals("monthlyUsd") ? allowed : all.monthlyUsd(),
              limit.equals("worstCaseMonthlyUsd") ? allowed : all.worstCaseMonthlyUsd(),
              0.8,
              limit.equals("trainingJobUsd") ? allowed : all.trainingJobUsd(),
              limit.equals("predictionJobUsd") ? allowed : all.predictionJobUsd(),
              limit.equals("maxHourlyUsd") ? allowed : all.maxHourlyUsd(),
              limit.equals("maxConcurrentJobs") ? (int) allowed : all.maxConcurrentJobs());
      return Limits.of(budget).withSubstitutes(SUBSTITUTES).check(estimates.estimate()).stream()
          .filter(result -> result.limit().equals(limit))
          .findFirst()
          .orElseThrow();
    }
  }

  @Test
  void whatCostsNothingIsFine() {
    assertThat(Limits.of(Defaults.of(Pattern.BATCH).budget()).check(Estimates.dev().estimate()))
        .allSatisfy(result -> assertThat(result.status()).isEqualTo(Status.FINE))
        .extracting(LimitResult::name)
        .containsExactly("monthlyUsd", "worstCaseMonthlyUsd", "maxHourlyUsd", "maxConcurrentJobs");
  }

  @Test
  void aJobShowsItsArithmeticAndWhatWouldFit() {
    LimitResult result =
        new Given("trainingJobUsd", 13)
            .of(Estimates.dev().of("training").job("Job", 3, Duration.ofHours(4), HOUR, 1));

    assertThat(result.name()).isEqualTo("trainingJobUsd of dev/Test/Job");
    assertThat(result.status()).isEqualTo(Status.OVER);
    assertThat(result.amount()).hasValue(14.544);
    assertThat(result.arithmetic())
        .isEqualTo(
            "3 attempts x 4 h x 1.212 USD/h (g5.2xlarge, us-east-1, on demand, 2026-07-20)"
                + " = 14.54 USD > 13.00 USD");
    assertThat(result.changes())
        .containsExactly(
            "allow no type dearer than g5.xlarge: 3 x 4 h x 1.006 USD/h (g5.xlarge, us-east-1,"
                + " on demand, 2026-07-20) = 12.07 USD",
            "at most 2 attempts: 2 x 4 h x 1.212 USD/h = 9.70 USD",
            "a timeout of at most 3 h 34 min: 3 x 3 h 34 min x 1.212 USD/h = 12.97 USD",
            "allow it: budget.trainingJobUsd: 14.54");
  }

  @Test
  void whatWouldNotFitIsNotOffered() {
    LimitResult result =
        new Given("trainingJobUsd", 1)
            .of(Estimates.dev().of("training").job("Job", 3, Duration.ofHours(4), HOUR, 1));

    assertThat(result.changes())
        .containsExactly(
            "a timeout of at most 16 min: 3 x 16 min x 1.212 USD/h = 0.97 USD",
            "allow it: budget.trainingJobUsd: 14.54");
  }

  @ParameterizedTest
  @CsvSource({
    "14.54, WARNING",
    "14.53, OVER",
    "18.18, WARNING",
    "18.19, FINE",
  })
  void amountsAreComparedInCents(double allowed, Status status) {
    assertThat(
            new Given("trainingJobUsd", allowed)
                .of(Estimates.dev().of("training").job("Job", 3, Duration.ofHours(4), HOUR, 1))
                .status())
        .isEqualTo(status);
  }

  @Test
  void ofARangeTheHighEndCounts() {
    Charge spot =
        new Charge(1, Estimates.unit("ec2-spot", "g5.2xlarge", "hour", new Usd(0.4, 0.9)), "spot");
    LimitResult result =
        new Given("trainingJobUsd", 1.5)
            .of(Estimates.dev().of("training").job("Job", 1, Duration.ofHours(2), spot, 1));

    assertThat(result.status()).isEqualTo(Status.OVER);
    assertThat(result.arithmetic())
        .isEqualTo(
            "1 attempt x 2 h x 0.4 to 0.9 USD/h (g5.2xlarge, us-east-1, spot, which floats, no"
                + " date) = 0.80 to 1.80 USD > 1.50 USD");
  }

  @Test
  void predictionHasALimitOfItsOwn() {
    Charge hour =
        new Charge(10_575, Estimates.unit("lambda", "x86", "GB-second", Usd.of(0.0000166667)), "");
    LimitResult result =
        new Given("predictionJobUsd", 0.1)
            .of(Estimates.dev().of("prediction").job("F", 3, Duration.ofMinutes(15), hour, 10));

    assertThat(result.arithmetic())
        .isEqualTo(
            "3 attempts x 15 min x (10,575 GB-second x 0.0000166667 USD)/h (x86, us-east-1, no"
                + " date) = 0.13 USD > 0.10 USD");
    assertThat(result.changes()).first().asString().startsWith("at most 2 attempts: ");
  }

  @Test
  void aJobOfAnotherWorkloadHasNoLimit() {
    assertThat(
            Limits.of(Estimates.generous())
                .check(
                    Estimates.dev()
                        .of("pipeline")
                        .job("Job", 3, Duration.ofHours(4), HOUR, 1)
                        .estimate()))
        .noneMatch(result -> result.limit().endsWith("JobUsd"));
  }

  @Test
  void aJobThatNothingBoundsIsOverWhateverItsLimit() {
    LimitResult result =
        new Given("trainingJobUsd", 10)
            .of(
                Estimates.dev()
                    .of("training")
                    .job(
                        "Job",
                        OptionalInt.of(2),
                        Optional.empty(),
                        Optional.of(HOUR),
                        OptionalInt.empty()));

    assertThat(result.status()).isEqualTo(Status.OVER);
    assertThat(result.amount()).isEmpty();
    assertThat(result.arithmetic())
        .isEqualTo(
            "2 attempts x any time x 1.212 USD/h (g5.2xlarge, us-east-1, on demand, 2026-07-20):"
                + " nothing bounds its time");
    assertThat(result.changes())
        .containsExactly("a timeout of at most 4 h 7 min: 2 x 4 h 7 min x 1.212 USD/h = 9.98 USD");
  }

  @Test
  void attemptsThatNothingBoundsAreToldWithTheNumberThatFits() {
    LimitResult result =
        new Given("trainingJobUsd", 10)
            .of(
                Estimates.dev()
                    .of("training")
                    .job(
                        "Job",
                        OptionalInt.empty(),
                        Optional.of(Duration.ofHours(3)),
                        Optional.of(HOUR),
                        OptionalInt.of(1)));

    assertThat(result.arithmetic()).endsWith(": nothing bounds its attempts");
    assertThat(result.changes())
        .containsExactly("at most 2 attempts: 2 x 3 h x 1.212 USD/h = 7.27 USD");
  }

  @Test
  void aJobWithoutAPriceIsUndecided() {
    LimitResult result =
        new Given("trainingJobUsd", 10)
            .of(
                Estimates.dev()
                    .of("training")
                    .job(
                        "Job",
                        OptionalInt.of(2),
                        Optional.of(Duration.ofSeconds(90)),
                        Optional.empty(),
                        OptionalInt.of(1)));

    assertThat(result.status()).isEqualTo(Status.UNDECIDED);
    assertThat(result.arithmetic())
        .isEqualTo(
            "2 attempts x 1 min 30 s x a price that is not known, which cannot be held against"
                + " 10.00 USD");
  }

  @Test
  void theMonthIsHeldAgainstWhatIsExpected() {
    LimitResult result =
        new Given("monthlyUsd", 45)
            .of(
                Estimates.dev()
                    .running("Fleet", G5, 40, "40 h usage.trainingHoursPerMonth", 5840)
                    .explained("Other", Explained.Reason.NOT_PRICED, "no source"));

    assertThat(result.status()).isEqualTo(Status.OVER);
    assertThat(result.arithmetic())
        .isEqualTo(
            "48.48 USD (dev/Test/Fleet: g5.2xlarge) = 48.48 USD > 45.00 USD; without what has no"
                + " price here: 1 place");
    assertThat(result.changes())
        .containsExactly(
            "g5.xlarge instead of g5.2xlarge for dev/Test/Fleet: 40 hour x 1.006 USD = 40.24 USD"
                + " instead of 48.48 USD, 40.24 USD in all",
            "usage.trainingHoursPerMonth of at most 37 instead of 40: 0.00 USD + 48.48 USD x 37 /"
                + " 40 = 44.84 USD",
            "allow it: budget.monthlyUsd: 48.48");
  }

  @Test
  void theWorstMonthFitsWithALowerMaximum() {
    LimitResult result =
        new Given("worstCaseMonthlyUsd", 5000)
            .of(
                Estimates.dev()
                    .running("Fleet", G5, 40, "", 8 * 730)
                    .running("Other", SMALL, 730, "", 730));

    assertThat(result.arithmetic())
        .isEqualTo(
            "7,078.08 USD (dev/Test/Fleet: g5.2xlarge) + 734.38 USD (dev/Test/Other: g5.xlarge)"
                + " = 7,812.46 USD > 5,000.00 USD");
    assertThat(result.changes())
        .containsExactly(
            "at most 4 instead of 8 of dev/Test/Fleet (g5.2xlarge): 4 x 884.76 USD = 3,539.04 USD"
                + " instead of 7,078.08 USD",
            "allow it: budget.worstCaseMonthlyUsd: 7812.46");
  }

  @Test
  void severalMaximumsAreLoweredWhereOneIsNotEnough() {
    LimitResult result =
        new Given("worstCaseMonthlyUsd", 3000)
            .of(
                Estimates.dev()
                    .running("A", G5, 40, "", 4 * 730)
                    .running("B", G5, 40, "", 4 * 730));

    assertThat(result.changes())
        .startsWith(
            "at most 1 instead of 4 of dev/Test/A (g5.2xlarge), and at most 2 instead of 4 of"
                + " dev/Test/B (g5.2xlarge): 2,654.28 USD in all");
  }

  @Test
  void noMaximumGoesBelowOne() {
    LimitResult result =
        new Given("worstCaseMonthlyUsd", 100).of(Estimates.dev().running("A", G5, 40, "", 4 * 730));

    assertThat(result.changes()).containsExactly("allow it: budget.worstCaseMonthlyUsd: 3539.04");
  }

  @Test
  void whatIsBilledBySecondsFitsWithFewerJobsAtOneTime() {
    Price duration = Estimates.unit("lambda", "x86", "GB-second", Usd.of(0.0001));
    Charge tenAtOnce = new Charge(10 * 730 * 3600, duration, "");
    LimitResult result =
        new Given("worstCaseMonthlyUsd", 1000)
            .of(
                Estimates.dev()
                    .of("prediction")
                    .line(
                        "F",
                        "duration",
                        Kind.RUNNING,
                        new Charge(10, duration, ""),
                        Optional.of(tenAtOnce))
                    .job("F", 1, Duration.ofSeconds(1), HOUR, 10));

    assertThat(result.changes())
        .startsWith(
            "at most 3 instead of 10 of dev/Test/F (duration): 3 x 262.80 USD = 788.40 USD instead"
                + " of 2,628.00 USD");
  }

  @Test
  void whatIsStoredWithoutABoundIsToldAndCountsAsExpected() {
    LimitResult result =
        new Given("worstCaseMonthlyUsd", 100)
            .of(
                Estimates.dev()
                    .line(
                        "Bucket",
                        "storage",
                        Kind.STORED,
                        new Charge(
                            100, Estimates.unit("s3", "standard", "GB-month", Usd.of(0.023)), ""),
                        Optional.empty()));

    assertThat(result.status()).isEqualTo(Status.FINE);
    assertThat(result.arithmetic())
        .isEqualTo(
            "2.30 USD (dev/Test/Bucket: storage) = 2.30 USD <= 100.00 USD; as expected, since"
                + " nothing bounds what is stored or done: 1 line");
  }

  @ParameterizedTest
  @CsvSource({"worstCaseMonthlyUsd", "maxHourlyUsd"})
  void whatRunsWithoutABoundIsUndecided(String limit) {
    LimitResult result =
        new Given(limit, 100)
            .of(
                Estimates.dev()
                    .line(
                        "Fleet",
                        "g5.2xlarge",
                        Kind.RUNNING,
                        new Charge(40, G5, ""),
                        Optional.empty()));

    assertThat(result.status()).isEqualTo(Status.UNDECIDED);
    assertThat(result.arithmetic())
        .contains("; nothing bounds how many run, so as expected: dev/Test/Fleet: g5.2xlarge");
    assertThat(result.changes())
        .containsExactly("bound how many can run: dev/Test/Fleet: g5.2xlarge");
  }

  @Test
  void anHourHoldsAllThatRunsAtOneTime() {
    LimitResult result =
        new Given("maxHourlyUsd", 6)
            .of(
                Estimates.dev()
                    .running("Fleet", G5, 40, "", 8 * 730)
                    .line(
                        "Bucket",
                        "storage",
                        Kind.STORED,
                        new Charge(
                            1e6, Estimates.unit("s3", "standard", "GB-month", Usd.of(0.023)), ""),
                        Optional.empty()));

    assertThat(result.arithmetic())
        .isEqualTo("9.70 USD (dev/Test/Fleet: g5.2xlarge) = 9.70 USD > 6.00 USD");
    assertThat(result.changes())
        .containsExactly(
            "at most 4 instead of 8 of dev/Test/Fleet (g5.2xlarge): 4 x 1.21 USD = 4.85 USD instead"
                + " of 9.70 USD",
            "allow it: budget.maxHourlyUsd: 9.7");
  }

  @Test
  void trainingJobsAtOneTimeAreCounted() {
    Estimates estimates =
        Estimates.dev()
            .of("training")
            .job("A", 1, Duration.ofHours(1), HOUR, 4)
            .job("B", 1, Duration.ofHours(1), HOUR, 3)
            .of("prediction")
            .job("F", 1, Duration.ofHours(1), HOUR, 100);

    LimitResult over = new Given("maxConcurrentJobs", 5).of(estimates);
    assertThat(over.status()).isEqualTo(Status.OVER);
    assertThat(over.arithmetic()).isEqualTo("4 of dev/Test/A + 3 of dev/Test/B = 7 > 5");
    assertThat(over.changes())
        .containsExactly(
            "at most 2 at one time of dev/Test/A", "allow it: budget.maxConcurrentJobs: 7");
    assertThat(new Given("maxConcurrentJobs", 8).of(estimates).status()).isEqualTo(Status.WARNING);
    assertThat(new Given("maxConcurrentJobs", 9).of(estimates).status()).isEqualTo(Status.FINE);
  }

  @Test
  void jobsAtOneTimeThatNothingBoundsAreOver() {
    LimitResult result =
        new Given("maxConcurrentJobs", 5)
            .of(
                Estimates.dev()
                    .of("training")
                    .job("A", 1, Duration.ofHours(1), HOUR, 2)
                    .job(
                        "B",
                        OptionalInt.of(1),
                        Optional.of(Duration.ofHours(1)),
                        Optional.of(HOUR),
                        OptionalInt.empty()));

    assertThat(result.status()).isEqualTo(Status.OVER);
    assertThat(result.arithmetic())
        .isEqualTo(
            "2 of dev/Test/A + any number of dev/Test/B: nothing bounds how many run at one time");
    assertThat(result.changes()).containsExactly("at most 3 at one time of dev/Test/B");
  }
}
