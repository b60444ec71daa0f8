package dev.mlinfra.cost.internal.aws;

import static dev.mlinfra.cost.internal.aws.Bills.line;
import static dev.mlinfra.cost.internal.aws.Bills.price;
import static dev.mlinfra.cost.internal.aws.Bills.said;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mlinfra.cost.Estimate;
import dev.mlinfra.cost.LineItem;
import dev.mlinfra.cost.Price;
import dev.mlinfra.cost.Usd;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComputeEnvironmentPricerTest {
  private static final List<Price> PRICES =
      List.of(
          price("ec2", "g5.xlarge", 1),
          price("ec2", "g5.2xlarge", 1.5),
          price("ec2", "g5.12xlarge", 6),
          price("ec2", "c6i.large", 0.1),
          price("ec2", "m6i.large", 0.2),
          price("ec2-spot", "g5.xlarge", 0.3, 0.5),
          price("ebs", "gp3 storage", 0.1),
          price("vpc", "public IPv4 address in use or idle", 0.005),
          price("fargate", "vCPU Linux/x86", 0.04),
          price("fargate", "memory Linux/x86", 0.005),
          price("fargate", "Spot vCPU Linux/x86", 0.01),
          price("fargate", "Spot memory Linux/x86", 0.001));

  private static String environment(String name, String resources) {
    return name
        + ": {Type: AWS::Batch::ComputeEnvironment, Properties: {Type: MANAGED, ComputeResources: {"
        + resources
        + "}}}";
  }

  @Test
  void jobsRunOnTheCheapestTypeAndAtMostOnTheDearestAllMonth() {
    Estimate estimate =
        Bills.of(
            PRICES,
            environment(
                "E",
                "Type: EC2, MinvCpus: 0, MaxvCpus: 16, InstanceTypes: [g5.xlarge, g5.2xlarge]"));

    LineItem machines = line(estimate, "E", "g5.xlarge");
    assertThat(machines.expected().usd()).isEqualTo(Usd.of(40));
    assertThat(machines.expected().why())
        .isEqualTo("40 h, usage.trainingHoursPerMonth of the cheapest of 2 types");
    // Four g5.xlarge cost 4, two g5.2xlarge 3 an hour.
    assertThat(machines.worstUsd()).isEqualTo(Usd.of(4 * 730));
    assertThat(machines.maxHourlyUsd()).isEqualTo(4);
  }

  @Test
  void machinesInPublicSubnetsHaveAddressesWhileTheyRun() {
    String machines = "Type: EC2, MaxvCpus: 8, InstanceTypes: [g5.xlarge], Subnets: [{Ref: S}]";
    String subnet = "S: {Type: AWS::EC2::Subnet, Properties: {MapPublicIpOnLaunch: %s}}";
    Estimate open = Bills.of(PRICES, environment("E", machines), subnet.formatted("true"));
    Estimate closed = Bills.of(PRICES, environment("E", machines), subnet.formatted("false"));

    LineItem addresses = line(open, "E", "public IPv4 addresses");
    assertThat(addresses.expected().usd().high()).isCloseTo(40 * 0.005, within(1e-9));
    // Two machines of four processors each.
    assertThat(addresses.worstUsd().high()).isCloseTo(2 * 730 * 0.005, within(1e-9));
    assertThat(Bills.lines(closed, "E")).noneMatch(it -> it.what().contains("IPv4"));
  }

  @Test
  void whatIsKeptRunningTakesTheJobs() {
    Estimate estimate =
        Bills.of(
            PRICES,
            environment("E", "Type: EC2, MinvCpus: 8, MaxvCpus: 16, InstanceTypes: [g5.xlarge]"));

    assertThat(line(estimate, "E", "g5.xlarge").expected().quantity()).isEqualTo(2 * 730.0);
  }

  @Test
  void spotIsARangeWithACap() {
    Estimate estimate =
        Bills.of(
            PRICES,
            environment(
                "E", "Type: SPOT, MaxvCpus: 4, BidPercentage: 60, InstanceTypes: [g5.xlarge]"));

    LineItem machines = line(estimate, "E", "g5.xlarge spot");
    assertThat(machines.expected().usd()).isEqualTo(new Usd(12, 20));
    assertThat(machines.worstUsd().high()).isCloseTo(730 * 0.6, within(1e-9));
  }

  @Test
  void ofAFamilyOnlySizesRunThatTheLimitHasRoomFor() {
    Estimate estimate =
        Bills.of(PRICES, environment("E", "Type: EC2, MaxvCpus: 8, InstanceTypes: [g5]"));

    // g5.12xlarge has 48 vCPUs.
    assertThat(line(estimate, "E", "g5.xlarge").worst().orElseThrow().why())
        .isEqualTo("2 instances for 8 MaxvCpus x 730 h of the dearest, g5.xlarge");
  }

  @Test
  void batchChoosesAmongFamiliesOfItsOwn() {
    Estimate estimate =
        Bills.of(PRICES, environment("E", "Type: EC2, MaxvCpus: 2, InstanceTypes: [optimal]"));

    assertThat(line(estimate, "E", "c6i.large").worst().orElseThrow().price().item())
        .isEqualTo("m6i.large");
  }

  @Test
  void aQueueSendsJobsToItsFirstEnvironment() {
    Estimate estimate =
        Bills.of(
            PRICES,
            environment("Spot", "Type: SPOT, MaxvCpus: 4, InstanceTypes: [g5.xlarge]"),
            environment("Reserve", "Type: EC2, MaxvCpus: 4, InstanceTypes: [g5.xlarge]"),
            "Q: {Type: AWS::Batch::JobQueue, Properties: {ComputeEnvironmentOrder:"
                + " [{Order: 2, ComputeEnvironment: {Ref: Reserve}}, {Order: 1, ComputeEnvironment: {Ref: Spot}}]}}");

    assertThat(line(estimate, "Spot", "g5.xlarge spot").expected().quantity()).isEqualTo(40);
    LineItem reserve = line(estimate, "Reserve", "g5.xlarge");
    assertThat(reserve.expected().quantity()).isZero();
    assertThat(reserve.worst().orElseThrow().quantity()).isEqualTo(730);
  }

  @Test
  void fargateRunsTheSmallestJobAndAtMostEveryVcpuWithAllItsMemory() {
    Estimate estimate =
        Bills.of(
            PRICES,
            environment("E", "Type: FARGATE_SPOT, MaxvCpus: 10"),
            "J: {Type: AWS::Batch::JobDefinition, Properties: {PlatformCapabilities: [FARGATE],"
                + " ContainerProperties: {ResourceRequirements: [{Type: VCPU, Value: '1'}, {Type: MEMORY, Value: '2048'}]}}}");

    LineItem fargate = line(estimate, "E", "Fargate");
    // 40 h of 1 vCPU and 2 GB, spot to on demand.
    assertThat(fargate.expected().usd().low()).isCloseTo(40 * 0.012, within(1e-9));
    assertThat(fargate.expected().usd().high()).isCloseTo(40 * 0.05, within(1e-9));
    // 10 vCPUs with 8 GB each.
    assertThat(fargate.worstUsd().high()).isCloseTo(10 * 730 * (0.04 + 8 * 0.005), within(1e-6));
  }

  @Test
  void aFamilyWithoutPricesIsNamed() {
    Estimate estimate =
        Bills.of(
            PRICES,
            environment("E", "Type: EC2, MaxvCpus: 8, InstanceTypes: [x9]"),
            "U: {Type: AWS::Batch::ComputeEnvironment, Properties: {Type: UNMANAGED}}");

    assertThat(said(estimate, "E"))
        .containsExactly("NOT_PRICED no source for family x9 in us-east-1");
    assertThat(said(estimate, "U")).allMatch(it -> it.startsWith("ELSEWHERE"));
  }
}
