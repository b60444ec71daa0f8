package dev.mlinfra.cost.internal.pulumi.runpod;

import static dev.mlinfra.cost.internal.pulumi.Graphs.UNKNOWN;
import static dev.mlinfra.cost.internal.pulumi.Graphs.estimate;
import static dev.mlinfra.cost.internal.pulumi.Graphs.expect;
import static dev.mlinfra.cost.internal.pulumi.Graphs.free;
import static dev.mlinfra.cost.internal.pulumi.Graphs.job;
import static dev.mlinfra.cost.internal.pulumi.Graphs.jobUsd;
import static dev.mlinfra.cost.internal.pulumi.Graphs.line;
import static dev.mlinfra.cost.internal.pulumi.Graphs.notPriced;
import static dev.mlinfra.cost.internal.pulumi.Graphs.resource;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.cost.Estimate;
import java.time.Duration;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class RunPodPricersTest {
  private static final Offset<Double> EXACT = Offset.offset(1e-9);

  private static Estimate one(String type, String inputs) {
    return estimate(resource(type, "one", inputs));
  }

  private static Estimate pod(String inputs) {
    return one("mlinfra-runpod:index:Pod", inputs);
  }

  private static Estimate endpoint(String inputs) {
    return one("mlinfra-runpod:index:Endpoint", inputs);
  }

  @Test
  void aPodRunsUntilItIsDeleted() {
    Estimate estimate =
        pod(
            "gpu: {id: NVIDIA A40, count: 2}, cloud: COMMUNITY, disk: 20, mounts: {persistent: {size: 50, path: /data}}");
    expect(estimate, "2 x NVIDIA A40 COMMUNITY", 730 * 2 * 0.30, 730 * 2 * 0.30);
    expect(estimate, "container disk", 2.00, 2.00);
    expect(estimate, "volume disk of a running pod", 5.00, 5.00);
  }

  @Test
  void withoutACloudThePodIsSecure() {
    expect(pod("gpu: {id: NVIDIA A40}"), "1 x NVIDIA A40 SECURE", 730 * 0.40, 730 * 0.40);
  }

  @Test
  void theProvidersOfRunPodAreReadToo() {
    expect(
        one(
            "runpod:index:Pod",
            "gpuTypeId: NVIDIA A40, gpuCount: 1, cloudType: SECURE, containerDiskInGb: 10"),
        "1 x NVIDIA A40 SECURE",
        730 * 0.40,
        730 * 0.40);
    expect(
        one("runpod:index/pod:Pod", "gpuTypeId: NVIDIA A40, cloudType: ALL"),
        "1 x NVIDIA A40 SECURE",
        730 * 0.40,
        730 * 0.40);
  }

  @Test
  void ofSeveralKindsTheFirstIsExpectedAndTheDearestTheWorst() {
    Estimate estimate = pod("gpu: {ids: [NVIDIA A40, NVIDIA H200]}");
    expect(estimate, "1 x NVIDIA A40 SECURE", 730 * 0.40, 730 * 4.50);
    assertThat(line(estimate, "1 x NVIDIA A40 SECURE").expected().why())
        .endsWith("; the first of 2 kinds that are allowed");
  }

  @Test
  void aDearerFirstKindIsTheWorstItself() {
    expect(
        pod("gpu: {ids: [NVIDIA H200, NVIDIA A40]}"),
        "1 x NVIDIA H200 SECURE",
        730 * 4.50,
        730 * 4.50);
  }

  @Test
  void aPodThatCannotBeReadIsNotPriced() {
    assertThat(notPriced(pod("gpu: {ids: [NVIDIA A40, NVIDIA Z9]}")))
        .containsExactly("no source for NVIDIA Z9 SECURE");
    assertThat(notPriced(pod("cpu: {id: cpu5c, vcpuCount: 4}")))
        .containsExactly("no source for machines without an accelerator");
    assertThat(notPriced(pod("gpu: {id: " + UNKNOWN + "}")))
        .containsExactly("the accelerator is known only when deployed");
  }

  @Test
  void workersComeWithRequests() {
    Estimate estimate =
        endpoint(
            "gpu: {pools: [AMPERE_24, ADA_24], count: 1}, workers: {min: 0, max: 2}, timeout:"
                + " 600000");
    expect(estimate, "1 x AMPERE_24", 1000 * 2.0 / 3600 * 0.70, 2 * 730 * 1.10);
    assertThat(jobUsd(estimate)).isCloseTo(600.0 / 3600 * 1.10, EXACT);
    assertThat(job(estimate).workload()).isEqualTo("prediction");
    assertThat(job(estimate).atOnce()).hasValue(2);
    assertThat(job(estimate).timeout()).contains(Duration.ofMinutes(10));
  }

  @Test
  void workersThatAlwaysRunCountAllMonth() {
    Estimate estimate =
        one(
            "runpod:index:Endpoint",
            "gpuIds: 'AMPERE_24,-NVIDIA L4', workersMin: 1, workersMax: 3, executionTimeoutMs: 0");
    expect(estimate, "1 x AMPERE_24", 730 * 0.70, 3 * 730 * 0.70);
    assertThat(job(estimate).timeout()).isEmpty();
  }

  @Test
  void withoutAHighestNumberThereAreThreeWorkers() {
    Estimate estimate = endpoint("gpu: {pools: [AMPERE_24]}");
    expect(estimate, "1 x AMPERE_24", 1000 * 2.0 / 3600 * 0.70, 3 * 730 * 0.70);
    assertThat(line(estimate, "1 x AMPERE_24").worst().orElseThrow().why())
        .isEqualTo("3 x 730 h: 3 workers (assumption runpod.workersMax)");
  }

  @Test
  void anEndpointThatCannotBeReadIsNotPriced() {
    assertThat(notPriced(endpoint("gpu: {pools: [ZETA_9]}")))
        .containsExactly("no source for ZETA_9");
    assertThat(notPriced(endpoint("cpu: [{id: cpu5c}]")))
        .containsExactly("no source for machines without an accelerator");
    assertThat(notPriced(endpoint("gpu: {pools: [AMPERE_24]}, workers: {max: " + UNKNOWN + "}")))
        .containsExactly("the highest number of workers is known only when deployed");
  }

  @Test
  void aVolumeCostsItsSizeAndLessAboveATerabyte() {
    Estimate estimate = one("mlinfra-runpod:index:NetworkVolume", "size: 1500");
    expect(estimate, "volume, first 1 TB", 1000 * 0.07, 1000 * 0.07);
    expect(estimate, "volume, over 1 TB", 500 * 0.05, 500 * 0.05);
    assertThat(one("runpod:index:NetworkVolume", "size: 100").items()).hasSize(1);
  }

  @Test
  void aVolumeThatCannotBeReadIsNotPriced() {
    assertThat(notPriced(one("runpod:index:NetworkVolume", "name: a")))
        .containsExactly("size is missing");
    assertThat(
            notPriced(
                one("mlinfra-runpod:index:NetworkVolume", "size: 10, type: HIGH_PERFORMANCE")))
        .containsExactly("no source for fast network volumes");
  }

  @Test
  void whatOnlyDescribesIsFree() {
    for (String type : new String[] {"Template", "RegistryCredential", "Secret"}) {
      assertThat(free(one("mlinfra-runpod:index:" + type, "name: a"))).as(type).hasSize(1);
    }
    assertThat(free(one("runpod:index:ContainerRegistryAuth", "name: a"))).hasSize(1);
  }
}
