package dev.mlinfra.cost.internal.pulumi.gcp;

import static dev.mlinfra.cost.internal.pulumi.Graphs.estimate;
import static dev.mlinfra.cost.internal.pulumi.Graphs.expect;
import static dev.mlinfra.cost.internal.pulumi.Graphs.notPriced;
import static dev.mlinfra.cost.internal.pulumi.Graphs.resource;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.cost.Estimate;
import org.junit.jupiter.api.Test;

class ClusterPricerTest {
  private static Estimate cluster(String inputs) {
    return estimate(resource("gcp:container/cluster:Cluster", "gke", inputs));
  }

  @Test
  void aClusterHasAFee() {
    Estimate estimate = cluster("location: us-central1, removeDefaultNodePool: true");
    expect(estimate, "management fee", 73, 73);
    assertThat(estimate.items()).hasSize(1);
  }

  @Test
  void itsFirstPoolRunsInEachZone() {
    Estimate estimate =
        cluster(
            "location: us-central1, initialNodeCount: 2, nodeConfig: {machineType:"
                + " n1-standard-4}");
    expect(estimate, "n1-standard-4", 6 * 730 * 0.19, 6 * 730 * 0.19);
  }

  @Test
  void ofAClusterInOneZoneNodeLocationsAreThoseBeside() {
    Estimate estimate =
        cluster(
            "location: us-central1-a, nodeLocations: [us-central1-b], nodePools: [{name: a,"
                + " nodeCount: 1, nodeConfig: {machineType: n1-standard-4}}]");
    expect(estimate, "n1-standard-4", 2 * 730 * 0.19, 2 * 730 * 0.19);
  }

  @Test
  void podsOfAutopilotAreNotPriced() {
    Estimate estimate = cluster("location: us-central1, enableAutopilot: true");
    expect(estimate, "management fee", 73, 73);
    assertThat(notPriced(estimate))
        .containsExactly("no source for pods of Autopilot, which bills what they ask for");
  }

  @Test
  void poolsThatItAddsByItselfAreNotPriced() {
    assertThat(
            notPriced(cluster("removeDefaultNodePool: true, clusterAutoscaling: {enabled: true}")))
        .containsExactly("pools that the cluster adds by itself: their machines are not known");
  }
}
