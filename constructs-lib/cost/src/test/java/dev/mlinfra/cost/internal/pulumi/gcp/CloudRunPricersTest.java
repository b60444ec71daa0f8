package dev.mlinfra.cost.internal.pulumi.gcp;

import static dev.mlinfra.cost.internal.pulumi.Graphs.estimate;
import static dev.mlinfra.cost.internal.pulumi.Graphs.expect;
import static dev.mlinfra.cost.internal.pulumi.Graphs.expectUnbounded;
import static dev.mlinfra.cost.internal.pulumi.Graphs.jobUsd;
import static dev.mlinfra.cost.internal.pulumi.Graphs.line;
import static dev.mlinfra.cost.internal.pulumi.Graphs.notPriced;
import static dev.mlinfra.cost.internal.pulumi.Graphs.resource;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.cost.Estimate;
import dev.mlinfra.cost.JobExposure;
import dev.mlinfra.cost.internal.pulumi.Graphs;
import java.time.Duration;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class CloudRunPricersTest {
  private static final Offset<Double> EXACT = Offset.offset(1e-9);
  private static final String CONTAINERS =
      "containers: [{resources: {limits: {cpu: 2000m, memory: 4Gi}}}]";

  /** 2 vCPU and 4 GiB for an hour. */
  private static final double HOUR = 3600 * (2 * 0.00002 + 4 * 0.000002);

  private static Estimate service(String template) {
    return estimate(
        resource(
            "gcp:cloudrunv2/service:Service",
            "serve",
            "location: us-central1, template: {" + template + "}"));
  }

  private static Estimate job(String location, String task, String more) {
    return estimate(
        resource(
            "gcp:cloudrunv2/job:Job",
            "train",
            "location: %s, labels: {workload: training}, template: {%s template: {%s}}"
                .formatted(location, more, task)));
  }

  @Test
  void aServiceRunsWhileItAnswers() {
    Estimate estimate = service(CONTAINERS + ", scaling: {maxInstanceCount: 3}");
    expect(estimate, "2 vCPU + 4 GiB", 1000 * 2.0 / 3600 * HOUR, 3 * 730 * HOUR);
    expectUnbounded(estimate, "requests", 0.001 * 0.40);
    assertThat(line(estimate, "2 vCPU + 4 GiB").expected().why())
        .isEqualTo("usage.predictionsPerMonth x 2 s (assumption prediction.seconds) / 3600");
  }

  @Test
  void instancesThatAlwaysRunCountAllMonth() {
    Estimate estimate =
        service(CONTAINERS + ", scaling: {minInstanceCount: 1, maxInstanceCount: 3}");
    expect(estimate, "2 vCPU + 4 GiB", 730 * HOUR, 3 * 730 * HOUR);
  }

  @Test
  void withoutAHighestNumberNothingBoundsIt() {
    expectUnbounded(service(CONTAINERS), "2 vCPU + 4 GiB", 1000 * 2.0 / 3600 * HOUR);
  }

  @Test
  void aProcessorThatIsAlwaysPaidIsCheaper() {
    Estimate estimate =
        service(
            "containers: [{resources: {cpuIdle: false, limits: {cpu: 2, memory: 4Gi}}}], scaling:"
                + " {minInstanceCount: 1, maxInstanceCount: 1}");
    expect(estimate, "2 vCPU + 4 GiB", 730 * HOUR / 2, 730 * HOUR / 2);
  }

  @Test
  void theFirstVersionIsReadToo() {
    Estimate estimate =
        estimate(
            resource(
                "gcp:cloudrun/service:Service",
                "serve",
                "location: us-central1, template: {metadata: {annotations:"
                    + " {autoscaling.knative.dev/maxScale: '5'}}, spec: {containers: [{image: a}]}}"));
    double small = 3600 * (0.00002 + 0.5 * 0.000002);
    expect(estimate, "1 vCPU + 0.5 GiB", 1000 * 2.0 / 3600 * small, 5 * 730 * small);
  }

  @Test
  void acceleratorsHaveNoSource() {
    assertThat(notPriced(service("containers: [{resources: {limits: {nvidia.com/gpu: 1}}}]")))
        .containsExactly("no source for accelerators of Cloud Run");
  }

  @Test
  void aSizeThatIsNoneIsNotPriced() {
    assertThat(notPriced(service("containers: [{resources: {limits: {memory: much}}}]")))
        .containsExactly("resources.limits.memory is \"much\", which says nothing here");
  }

  @Test
  void aJobCanCostItsAttemptsTimesItsTimeout() {
    Estimate estimate = job("us-central1", CONTAINERS + ", maxRetries: 1, timeout: 1800s", "");
    double hour = HOUR / 2;
    expectUnbounded(estimate, "2 vCPU + 4 GiB", 40 * hour);
    assertThat(jobUsd(estimate)).isCloseTo(2 * 0.5 * hour, EXACT);
    assertThat(Graphs.job(estimate).workload()).isEqualTo("training");
  }

  @Test
  void aJobTakesGooglesDefaults() {
    JobExposure exposure = Graphs.job(job("us-central1", CONTAINERS, "taskCount: 3,"));
    assertThat(exposure.attempts()).hasValue(4);
    assertThat(exposure.timeout()).contains(Duration.ofMinutes(10));
    assertThat(exposure.hourly().orElseThrow().quantity()).isEqualTo(3);
  }

  @Test
  void regionsOfTheSecondTierHaveTheirOwnPrices() {
    Estimate estimate = job("europe-west3", CONTAINERS + ", maxRetries: 0, timeout: 3600s", "");
    assertThat(jobUsd(estimate)).isCloseTo(3600 * (2 * 0.00003 + 4 * 0.000003), EXACT);
  }
}
