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
import dev.mlinfra.cost.Usd;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Services and task definitions of ECS. */
class EcsPricersTest {
  private static final List<Price> PRICES =
      List.of(
          price("fargate", "vCPU Linux/x86", 0.04),
          price("fargate", "memory Linux/x86", 0.005),
          price("fargate", "vCPU Linux/ARM", 0.03),
          price("fargate", "memory Linux/ARM", 0.004),
          price("fargate", "ephemeral storage above 20 GB", 0.0001),
          price("fargate", "Spot vCPU Linux/x86", 0.01),
          price("fargate", "Spot memory Linux/x86", 0.001),
          price("vpc", "public IPv4 address in use or idle", 0.005),
          price("eventbridge", "Scheduler invocations after 14M free/month", 1));

  private static String task(String more) {
    return "T: {Type: AWS::ECS::TaskDefinition, Properties: {Cpu: '1024', Memory: '2048',"
        + " RequiresCompatibilities: [FARGATE]"
        + more
        + "}}";
  }

  @Test
  void aServiceRunsItsTasksAllMonth() {
    Estimate estimate =
        Bills.of(
            PRICES,
            task(""),
            "S: {Type: AWS::ECS::Service, Properties: {LaunchType: FARGATE, DesiredCount: 2,"
                + " TaskDefinition: {Ref: T}, NetworkConfiguration: {AwsvpcConfiguration:"
                + " {AssignPublicIp: ENABLED}}}}");

    // 2 x 730 h x (1 x 0.04 + 2 x 0.005)
    LineItem fargate = line(estimate, "S", "Fargate");
    assertThat(fargate.expected().usd().high()).isCloseTo(73, within(1e-9));
    assertThat(fargate.worstUsd().high()).isCloseTo(73, within(1e-9));
    assertThat(fargate.expected().price().note())
        .isEqualTo("1 x 0.04 per vCPU + 2 x 0.005 per GB, Linux/x86");
    assertThat(line(estimate, "S", "public IPv4 addresses").expected().usd().high())
        .isCloseTo(7.3, within(1e-9));
    assertThat(said(estimate, "T")).allMatch(it -> it.startsWith("ELSEWHERE"));
  }

  @Test
  void aServiceThatScalesIsBoundedByItsTarget() {
    Estimate estimate =
        Bills.of(
            PRICES,
            task(""),
            "S: {Type: AWS::ECS::Service, Properties: {LaunchType: FARGATE, TaskDefinition: {Ref:"
                + " T}}}",
            "A: {Type: AWS::ApplicationAutoScaling::ScalableTarget, Properties: {MaxCapacity: 10,"
                + " ResourceId: {'Fn::Join': ['/', [service, c, {'Fn::GetAtt': [S, Name]}]]}}}");

    assertThat(line(estimate, "S", "Fargate").expected().quantity()).isEqualTo(730);
    assertThat(line(estimate, "S", "Fargate").worst().orElseThrow().quantity()).isEqualTo(7300);
  }

  @Test
  void spotIsARangeUpToThePriceOnDemand() {
    Estimate estimate =
        Bills.of(
            PRICES,
            task(""),
            "S: {Type: AWS::ECS::Service, Properties: {CapacityProviderStrategy:"
                + " [{CapacityProvider: FARGATE_SPOT}], TaskDefinition: {Ref: T}}}");

    Usd expected = line(estimate, "S", "Fargate").expected().usd();
    assertThat(expected.low()).isCloseTo(730 * 0.012, within(1e-9));
    assertThat(expected.high()).isCloseTo(730 * 0.05, within(1e-9));
  }

  @Test
  void armAndStorageHavePricesOfTheirOwn() {
    Estimate estimate =
        Bills.of(
            PRICES,
            task(
                ", RuntimePlatform: {CpuArchitecture: ARM64}, EphemeralStorage: {SizeInGiB: 30},"
                    + " Tags: [{Key: workload, Value: training}]"));

    // 40 h x (1 x 0.03 + 2 x 0.004 + 10 x 0.0001)
    assertThat(line(estimate, "T", "Fargate").expected().usd().high())
        .isCloseTo(40 * 0.039, within(1e-9));
  }

  @Test
  void aScheduledTaskHasAnAddressWhileItRuns() {
    String schedule =
        "S: {Type: AWS::Scheduler::Schedule, Properties: {ScheduleExpression: rate(1 day), Target:"
            + " {EcsParameters: {TaskDefinitionArn: {Ref: T}, NetworkConfiguration:"
            + " {AwsvpcConfiguration: {AssignPublicIp: %s}}}}}}";

    Estimate open = Bills.of(PRICES, task(""), schedule.formatted("ENABLED"));

    assertThat(line(open, "T", "public IPv4 addresses").expected().usd().high())
        .isCloseTo(730 / 24.0 * 10 / 60 * 0.005, within(1e-9));
    assertThat(line(open, "T", "public IPv4 addresses").worst()).isEmpty();
    assertThat(Bills.lines(Bills.of(PRICES, task(""), schedule.formatted("DISABLED")), "T"))
        .noneMatch(it -> it.what().contains("IPv4"));
  }

  @Test
  void aScheduledTaskRunsAsOftenAsItsRule() {
    Estimate estimate =
        Bills.of(
            PRICES,
            task(""),
            "R: {Type: AWS::Events::Rule, Properties: {ScheduleExpression: rate(1 day), Targets:"
                + " [{Arn: a, EcsParameters: {TaskDefinitionArn: {Ref: T}}}]}}");

    // 730 / 24 runs of 10 minutes.
    LineItem fargate = line(estimate, "T", "Fargate");
    assertThat(fargate.expected().quantity()).isCloseTo(730 / 24.0 * 10 / 60, within(1e-9));
    assertThat(fargate.expected().why())
        .isEqualTo(
            "(30.4167 runs by rate(1 day) x assumption ecs.minutesPerTask = 10 minutes) / 60");
    assertThat(fargate.worst()).isEmpty();
    JobExposure job = Bills.job(estimate, "T");
    assertThat(job.timeout()).isEmpty();
    assertThat(job.hourly().orElseThrow().usd().high()).isCloseTo(0.05, within(1e-9));
    assertThat(said(estimate, "R")).allMatch(it -> it.startsWith("FREE"));
  }

  @Test
  void tasksOnInstancesAreBilledThere() {
    Estimate estimate =
        Bills.of(
            PRICES,
            "T: {Type: AWS::ECS::TaskDefinition, Properties: {}}",
            "S: {Type: AWS::ECS::Service, Properties: {LaunchType: EC2}}");

    assertThat(said(estimate, "T")).allMatch(it -> it.startsWith("ELSEWHERE"));
    assertThat(said(estimate, "S")).allMatch(it -> it.startsWith("ELSEWHERE"));
  }

  @Test
  void aTaskCanSayItsSizeInWords() {
    Estimate estimate =
        Bills.of(
            PRICES,
            "T: {Type: AWS::ECS::TaskDefinition, Properties: {Cpu: 2 vCPU, Memory: 4 GB,"
                + " RequiresCompatibilities: [FARGATE], Tags: [{Key: workload, Value:"
                + " training}]}}");

    assertThat(line(estimate, "T", "Fargate").expected().price().item()).isEqualTo("2 vCPU, 4 GB");
  }

  @Test
  void aContainerThatSleepsEndsTheTask() {
    assertThat(limit("{Essential: true, EntryPoint: [sleep], Command: ['3600']}"))
        .contains(Duration.ofHours(1));
    assertThat(
            limit("{EntryPoint: [sleep], Command: ['60']}, {EntryPoint: [sleep], Command: ['90']}"))
        .contains(Duration.ofMinutes(1));
    assertThat(limit("{Essential: false, EntryPoint: [sleep], Command: ['3600']}")).isEmpty();
    assertThat(limit("{EntryPoint: [sleep], Command: [infinity]}")).isEmpty();
    assertThat(limit("{EntryPoint: [python], Command: ['3600']}")).isEmpty();
  }

  @Test
  void aScheduleAndADeadlineBoundTheMonth() {
    String rule =
        "R: {Type: AWS::Events::Rule, Properties: {ScheduleExpression: rate(1 day), Targets:"
            + " [{Arn: a, EcsParameters: {TaskDefinitionArn: {Ref: T}}}]}}";
    Estimate estimate =
        Bills.of(
            PRICES,
            task(", ContainerDefinitions: [{EntryPoint: [sleep], Command: ['7200']}]"),
            rule);

    // 730 / 24 runs of 2 hours.
    assertThat(line(estimate, "T", "Fargate").worst().orElseThrow().quantity())
        .isCloseTo(730 / 12.0, within(1e-9));
  }

  private static Optional<Duration> limit(String containers) {
    Estimate estimate = Bills.of(PRICES, task(", ContainerDefinitions: [" + containers + "]"));
    return estimate.jobs().get(0).timeout();
  }
}
