package dev.mlinfra.cost.internal.aws;

import static dev.mlinfra.cost.internal.aws.Bills.line;
import static dev.mlinfra.cost.internal.aws.Bills.price;
import static dev.mlinfra.cost.internal.aws.Bills.said;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mlinfra.cost.Estimate;
import dev.mlinfra.cost.JobExposure;
import dev.mlinfra.cost.LineItem;
import dev.mlinfra.cost.Price;
import dev.mlinfra.cost.PriceBook;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class FunctionPricerTest {
  private static final List<Price> PRICES =
      List.of(
          price("lambda", "requests", 0.2),
          price("lambda", "duration x86 first 6B GB-s", 0.00001),
          price("lambda", "duration ARM first 7.5B GB-s", 0.000008),
          price("lambda", "ephemeral storage above 512 MB", 0.00000003));

  @Test
  void expectedIsAsManyCallsAsPredictions() {
    Estimate estimate =
        Bills.of(
            PRICES,
            "F: {Type: AWS::Lambda::Function, Properties: {MemorySize: 2048, Timeout: 60}}");

    // 1000 calls of 2 s with 2 GB.
    LineItem duration = line(estimate, "F", "duration");
    assertThat(duration.expected().quantity()).isEqualTo(1000 * 2 * 2);
    assertThat(duration.expected().usd().high()).isCloseTo(0.04, within(1e-9));
    assertThat(duration.expected().why())
        .isEqualTo(
            "1000 usage.predictionsPerMonth x assumption lambda.secondsPerCall = 2 s x 2 GB of memory");
    assertThat(line(estimate, "F", "requests").expected().usd().high())
        .isCloseTo(1000 / 1e6 * 0.2, within(1e-12));
  }

  @Test
  void nothingBoundsAFunctionWithoutReservedConcurrency() {
    Estimate estimate = Bills.of(PRICES, "F: {Type: AWS::Lambda::Function}");

    assertThat(estimate.unbounded()).extracting(LineItem::what).contains("duration", "requests");
  }

  @Test
  void reservedConcurrencyBoundsTheWorstCase() {
    Estimate estimate =
        Bills.of(
            PRICES,
            "F: {Type: AWS::Lambda::Function, Properties: {MemorySize: 1024, ReservedConcurrentExecutions: 3}}");

    // 3 at once, each second of 730 hours, 1 GB; ten requests a second each.
    assertThat(line(estimate, "F", "duration").worst().orElseThrow().quantity())
        .isEqualTo(3.0 * 730 * 3600);
    assertThat(line(estimate, "F", "requests").worst().orElseThrow().quantity())
        .isCloseTo(3 * 730 * 3600 * 10 / 1e6, within(1e-9));
    assertThat(estimate.unbounded()).isEmpty();
  }

  @Test
  void aCallIsNotLongerThanItsTimeout() {
    Estimate estimate =
        Bills.of(
            PRICES, "F: {Type: AWS::Lambda::Function, Properties: {MemorySize: 1024, Timeout: 1}}");

    assertThat(line(estimate, "F", "duration").expected().quantity()).isEqualTo(1000);
  }

  @Test
  void armHasAPriceOfItsOwn() {
    Estimate estimate =
        Bills.of(PRICES, "F: {Type: AWS::Lambda::Function, Properties: {Architectures: [arm64]}}");

    assertThat(line(estimate, "F", "duration").expected().price().item())
        .isEqualTo("duration ARM first 7.5B GB-s");
  }

  @Test
  void storageAboveTheFreeOneIsBilledByTheTimeThatItIsUsed() {
    Estimate estimate =
        Bills.of(
            PRICES,
            "F: {Type: AWS::Lambda::Function, Properties: {Timeout: 60, EphemeralStorage: {Size: 1536}}}");

    // 1000 calls of 2 s with 1 GB above 512 MB.
    assertThat(line(estimate, "F", "ephemeral storage").expected().quantity()).isEqualTo(2000);
  }

  @Test
  void aMemoryThatIsNotKnownCountsAsTheLeast() {
    Estimate estimate =
        Bills.ofText(
            PriceBook.of(PRICES),
            Bills.USAGE,
            "{Parameters: {M: {Type: Number}}, Resources: {F: {Type: AWS::Lambda::Function,"
                + " Properties: {MemorySize: {Ref: M}, Timeout: 9}}}}");

    LineItem duration = line(estimate, "F", "duration");
    assertThat(duration.expected().quantity()).isEqualTo(1000 * 2 * 0.125);
    assertThat(duration.expected().why()).contains("only known at deployment");
  }

  @Test
  void aCallCostsAtMostAttemptsTimesTimeoutTimesMemory() {
    Estimate estimate =
        Bills.of(
            PRICES,
            "F: {Type: AWS::Lambda::Function, Properties: {MemorySize: 3008, Timeout: 900,"
                + " ReservedConcurrentExecutions: 10, Tags: [{Key: workload, Value: prediction}]}}",
            "C: {Type: AWS::Lambda::EventInvokeConfig, Properties: {FunctionName: {Ref: F},"
                + " MaximumRetryAttempts: 1, Qualifier: live}}");

    JobExposure job = Bills.job(estimate, "F");
    assertThat(job.workload()).isEqualTo("prediction");
    assertThat(job.attempts()).isEqualTo(OptionalInt.of(2));
    assertThat(job.timeout()).contains(Duration.ofMinutes(15));
    assertThat(job.atOnce()).isEqualTo(OptionalInt.of(10));
    // 2 x 900 s x 2.9375 GB
    assertThat(job.usd().orElseThrow().high()).isCloseTo(2 * 900 * 2.9375 * 0.00001, within(1e-9));
  }

  @Test
  void lambdaTriesAnAsynchronousCallThreeTimes() {
    Estimate estimate = Bills.of(PRICES, "F: {Type: AWS::Lambda::Function}");

    assertThat(Bills.job(estimate, "F").attempts()).isEqualTo(OptionalInt.of(3));
  }

  @Test
  void aQueueDeliversAsOftenAsItsRedriveAllows() {
    String mapping =
        "M: {Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: {Ref: F},"
            + " EventSourceArn: {'Fn::GetAtt': [Q, Arn]}}}";
    Estimate bounded =
        Bills.of(
            PRICES,
            "F: {Type: AWS::Lambda::Function}",
            mapping,
            "Q: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: {maxReceiveCount: 5}}}");
    Estimate unbounded =
        Bills.of(PRICES, "F: {Type: AWS::Lambda::Function}", mapping, "Q: {Type: AWS::SQS::Queue}");

    assertThat(Bills.job(bounded, "F").attempts()).isEqualTo(OptionalInt.of(5));
    assertThat(Bills.job(unbounded, "F").attempts()).isEmpty();
  }

  @Test
  void provisionedConcurrencyOfAnAliasRunsAllMonth() {
    List<Price> prices = List.of(price("lambda", "provisioned concurrency x86", 0.000004));
    String function = "F: {Type: AWS::Lambda::Function, Properties: {MemorySize: 1024}}";
    String alias =
        "A: {Type: AWS::Lambda::Alias, Properties: {FunctionName: {Ref: F},"
            + " ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 2}}}";

    assertThat(
            line(Bills.of(prices, function, alias), "A", "provisioned concurrency")
                .expected()
                .quantity())
        .isEqualTo(2.0 * 730 * 3600);
    assertThat(said(Bills.of(PRICES, function, alias), "A"))
        .containsExactly(
            "NOT_PRICED no source for lambda, provisioned concurrency x86 in us-east-1");
    assertThat(said(Bills.of(PRICES, "A: {Type: AWS::Lambda::Alias}"), "A"))
        .hasSize(1)
        .allMatch(it -> it.startsWith("FREE"));
  }
}
