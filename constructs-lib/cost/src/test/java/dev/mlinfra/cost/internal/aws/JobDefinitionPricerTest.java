package dev.mlinfra.cost.internal.aws;

import static dev.mlinfra.cost.internal.aws.Bills.price;
import static dev.mlinfra.cost.internal.aws.Bills.said;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mlinfra.cost.Estimate;
import dev.mlinfra.cost.JobExposure;
import dev.mlinfra.cost.Price;
import dev.mlinfra.cost.Usd;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class JobDefinitionPricerTest {
  private static final List<Price> PRICES =
      List.of(
          price("ec2", "g5.xlarge", 1),
          price("ec2", "g5.2xlarge", 1.5),
          price("ebs", "gp3 storage", 0.1),
          price("fargate", "vCPU Linux/x86", 0.04),
          price("fargate", "memory Linux/x86", 0.005));

  private static final String ENVIRONMENT =
      "E: {Type: AWS::Batch::ComputeEnvironment, Properties: {ComputeResources: {Type: SPOT,"
          + " MaxvCpus: 16, InstanceTypes: [g5.xlarge, g5.2xlarge]}}}";

  private static String job(String more) {
    return "J: {Type: AWS::Batch::JobDefinition, Properties: {RetryStrategy: {Attempts: 3},"
        + " Timeout: {AttemptDurationSeconds: 7200}"
        + more
        + "}}";
  }

  @Test
  void aJobCostsAtMostAttemptsTimesTimeoutTimesTheDearestMachine() {
    Estimate estimate =
        Bills.of(PRICES, ENVIRONMENT, job(", ContainerProperties: {Vcpus: 4, Memory: 1024}"));

    JobExposure job = Bills.job(estimate, "J");
    assertThat(job.usd()).contains(Usd.of(3 * 2 * 1.5));
    assertThat(job.hourly().orElseThrow().price().item()).isEqualTo("g5.2xlarge");
    assertThat(job.atOnce()).isEqualTo(OptionalInt.of(4));
    assertThat(said(estimate, "J")).allMatch(it -> it.startsWith("ELSEWHERE"));
  }

  @Test
  void aJobOnSeveralNodesHasAsManyMachines() {
    Estimate estimate = Bills.of(PRICES, ENVIRONMENT, job(", NodeProperties: {NumNodes: 4}"));

    assertThat(Bills.job(estimate, "J").usd()).contains(Usd.of(3 * 2 * 1.5 * 4));
  }

  @Test
  void aJobWithoutATimeoutHasNoBound() {
    Estimate estimate =
        Bills.of(PRICES, ENVIRONMENT, "J: {Type: AWS::Batch::JobDefinition, Properties: {}}");

    JobExposure job = Bills.job(estimate, "J");
    assertThat(job.attempts()).isEqualTo(OptionalInt.of(1));
    assertThat(job.timeout()).isEmpty();
    assertThat(job.usd()).isEmpty();
  }

  @Test
  void onFargateTheJobsOwnSizeIsBilled() {
    Estimate estimate =
        Bills.of(
            PRICES,
            job(
                ", PlatformCapabilities: [FARGATE], ContainerProperties: {ResourceRequirements:"
                    + " [{Type: VCPU, Value: '2'}, {Type: MEMORY, Value: '4096'}]}"));

    // 3 x 2 h x (2 x 0.04 + 4 x 0.005)
    assertThat(Bills.job(estimate, "J").usd().orElseThrow().high()).isCloseTo(0.6, within(1e-9));
  }
}
