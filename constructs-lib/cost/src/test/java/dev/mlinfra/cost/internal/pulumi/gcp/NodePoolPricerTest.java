package dev.mlinfra.cost.internal.pulumi.gcp;

import static dev.mlinfra.cost.internal.pulumi.Graphs.UNKNOWN;
import static dev.mlinfra.cost.internal.pulumi.Graphs.estimate;
import static dev.mlinfra.cost.internal.pulumi.Graphs.expect;
import static dev.mlinfra.cost.internal.pulumi.Graphs.line;
import static dev.mlinfra.cost.internal.pulumi.Graphs.linkedTo;
import static dev.mlinfra.cost.internal.pulumi.Graphs.notPriced;
import static dev.mlinfra.cost.internal.pulumi.Graphs.resource;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.cost.Estimate;
import org.junit.jupiter.api.Test;

class NodePoolPricerTest {
  private static final String TYPE = "gcp:container/nodePool:NodePool";
  private static final String CLUSTER = "gcp:container/cluster:Cluster";

  private static Estimate pool(String inputs) {
    return estimate(resource(TYPE, "pool", inputs));
  }

  @Test
  void aPoolScalesInEachZoneOfARegion() {
    Estimate estimate =
        pool(
            "location: us-central1, autoscaling: {minNodeCount: 1, maxNodeCount: 4}, nodeConfig:"
                + " {machineType: n1-standard-4, diskSizeGb: 50, diskType: pd-standard}");
    expect(estimate, "n1-standard-4", 3 * 730 * 0.19, 12 * 730 * 0.19);
    expect(estimate, "boot disk pd-standard", 3 * 50 * 0.04, 12 * 50 * 0.04);
    assertThat(line(estimate, "n1-standard-4").expected().why())
        .isEqualTo(
            "3 x 730 h; autoscaling.minNodeCount 1, maxNodeCount 4, in each of 3 zones (assumption"
                + " gke.zonesOfARegion)");
  }

  @Test
  void inOneZoneItScalesOnce() {
    Estimate estimate =
        pool(
            "location: us-central1-a, autoscaling: {minNodeCount: 1, maxNodeCount: 4}, nodeConfig:"
                + " {machineType: n1-standard-4}");
    expect(estimate, "n1-standard-4", 730 * 0.19, 4 * 730 * 0.19);
    expect(estimate, "boot disk pd-balanced", 100 * 0.10, 400 * 0.10);
  }

  @Test
  void itsOwnNodeLocationsCount() {
    Estimate estimate =
        pool(
            "location: us-central1, nodeLocations: [us-central1-a, us-central1-b], nodeCount: 2,"
                + " nodeConfig: {machineType: n1-standard-4}");
    expect(estimate, "n1-standard-4", 4 * 730 * 0.19, 4 * 730 * 0.19);
  }

  @Test
  void itsClustersPlaceCounts() {
    Estimate estimate =
        estimate(
            resource(CLUSTER, "gke", "location: us-central1-a, removeDefaultNodePool: true"),
            resource(
                TYPE,
                "pool",
                "nodeCount: 2, nodeConfig: {machineType: n1-standard-4}",
                linkedTo("cluster", CLUSTER, "gke")));
    expect(estimate, "n1-standard-4", 2 * 730 * 0.19, 2 * 730 * 0.19);
  }

  @Test
  void withoutAPlaceThereIsOneZoneAtLeastAndThreeAtMost() {
    Estimate estimate = pool("nodeCount: 1, nodeConfig: {machineType: n1-standard-4}");
    expect(estimate, "n1-standard-4", 730 * 0.19, 3 * 730 * 0.19);
  }

  @Test
  void totalsAreForAllZonesTogether() {
    Estimate estimate =
        pool(
            "location: us-central1, autoscaling: {totalMinNodeCount: 1, totalMaxNodeCount: 4},"
                + " nodeConfig: {machineType: n1-standard-4}");
    expect(estimate, "n1-standard-4", 730 * 0.19, 4 * 730 * 0.19);
  }

  @Test
  void trainingThatScalesToZeroRunsForItsHours() {
    Estimate estimate =
        pool(
            "location: us-central1-a, autoscaling: {maxNodeCount: 2}, nodeConfig: {machineType:"
                + " n1-standard-4, spot: true, resourceLabels: {workload: training},"
                + " guestAccelerators: [{type: nvidia-tesla-t4, count: 1}]}");
    expect(
        estimate,
        "n1-standard-4 + 1 x nvidia-tesla-t4 spot",
        40 * (0.08 + 0.17),
        2 * 730 * (0.19 + 0.35));
    expect(estimate, "boot disk pd-balanced", 40.0 / 730 * 100 * 0.10, 2 * 100 * 0.10);
    assertThat(line(estimate, "n1-standard-4 + 1 x nvidia-tesla-t4 spot").workload())
        .isEqualTo("training");
  }

  @Test
  void otherWorkThatScalesToZeroIsNotExpectedToRun() {
    Estimate estimate =
        pool(
            "location: us-central1-a, autoscaling: {maxNodeCount: 2}, nodeConfig: {machineType:"
                + " n1-standard-4}");
    expect(estimate, "n1-standard-4", 0, 2 * 730 * 0.19);
    assertThat(line(estimate, "n1-standard-4").expected().why())
        .startsWith("none runs while nothing asks, and usage names no hours of it; ");
  }

  @Test
  void withoutATypeGooglesOwnCounts() {
    expect(pool("location: us-central1-a, nodeCount: 1"), "e2-medium", 730 * 0.03, 730 * 0.03);
  }

  @Test
  void whatIsNotKnownIsNotPriced() {
    assertThat(notPriced(pool("nodeCount: " + UNKNOWN)))
        .containsExactly("nodeCount is known only when deployed");
    assertThat(notPriced(pool("location: us-central1-a, nodeConfig: " + UNKNOWN)))
        .contains("nodeConfig is known only when deployed");
    assertThat(notPriced(pool("location: us-central1-a, nodeLocations: " + UNKNOWN)))
        .containsExactly("nodeLocations is known only when deployed");
  }
}
