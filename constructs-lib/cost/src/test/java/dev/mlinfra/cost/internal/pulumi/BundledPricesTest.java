package dev.mlinfra.cost.internal.pulumi;

import static dev.mlinfra.cost.internal.pulumi.Graphs.line;
import static dev.mlinfra.cost.internal.pulumi.Graphs.resource;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.cost.Estimate;
import dev.mlinfra.cost.Estimator;
import dev.mlinfra.cost.PriceBook;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** The prices that come along have the names that the pricers ask for. */
class BundledPricesTest {
  private static Estimate estimate(String type, String inputs) {
    return Estimator.standard().estimate(Graphs.model(resource(type, "one", inputs))).get(0);
  }

  private static void expect(Estimate estimate, String what, double usd) {
    assertThat(line(estimate, what).expected().usd().high()).isCloseTo(usd, Offset.offset(1e-9));
  }

  private static double usd(String provider, String region, String service, String item) {
    return PriceBook.bundled().find(provider, region, service, item).orElseThrow().usd().high();
  }

  @Test
  void google() {
    double hour =
        usd("gcp", "us-central1", "compute", "n1-standard-4")
            + usd("gcp", "us-central1", "compute-gpu", "NVIDIA T4 on-demand");
    expect(
        estimate(
            "gcp:compute/instance:Instance",
            "machineType: n1-standard-4, zone: us-central1-a, guestAccelerators: [{type:"
                + " nvidia-tesla-t4, count: 1}]"),
        "n1-standard-4 + 1 x nvidia-tesla-t4",
        730 * hour);
    expect(
        estimate("gcp:container/cluster:Cluster", "removeDefaultNodePool: true"),
        "management fee",
        730 * usd("gcp", "us-central1", "gke", "cluster management fee"));
    assertThat(
            estimate(
                    "gcp:cloudrunv2/service:Service",
                    "location: europe-west3, template: {containers: [{image: a}]}")
                .items())
        .hasSize(2);
    assertThat(estimate("gcp:storage/bucket:Bucket", "location: EU").items()).hasSize(1);
    assertThat(estimate("gcp:artifactregistry/repository:Repository", "").items()).hasSize(1);
  }

  @Test
  void azure() {
    expect(
        estimate(
            "azure-native:containerservice:AgentPool", "vmSize: Standard_NC4as_T4_v3, count: 1"),
        "Standard_NC4as_T4_v3",
        730 * usd("azure", "eastus", "vm", "Standard_NC4as_T4_v3"));
    for (String tier : new String[] {"Basic", "Standard", "Premium"}) {
      assertThat(
              estimate("azure-native:containerregistry:Registry", "sku: {name: " + tier + "}")
                  .items())
          .as(tier)
          .hasSize(1);
    }
    assertThat(estimate("azure-native:storage:StorageAccount", "sku: {name: Standard_LRS}").items())
        .hasSize(1);
    assertThat(
            estimate("azure-native:containerservice:ManagedCluster", "sku: {tier: Standard}")
                .items())
        .hasSize(1);
  }

  @Test
  void runPod() {
    expect(
        estimate("runpod:index:Pod", "gpuTypeId: NVIDIA H200"),
        "1 x NVIDIA H200 SECURE",
        730 * usd("runpod", "all", "pod", "NVIDIA H200 SECURE"));
    assertThat(estimate("runpod:index:Endpoint", "gpuIds: AMPERE_24, workersMax: 1").items())
        .hasSize(1);
  }

  @Test
  void aws() {
    expect(
        estimate("aws:ec2/instance:Instance", "instanceType: g5.xlarge"),
        "g5.xlarge",
        730 * usd("aws", "us-east-1", "ec2", "g5.xlarge"));
    assertThat(estimate("aws:eks/cluster:Cluster", "").items()).hasSize(1);
    assertThat(estimate("aws:s3/bucket:Bucket", "").items()).hasSize(1);
  }
}
