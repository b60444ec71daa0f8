package dev.mlinfra.cost.internal.pulumi.gcp;

import static dev.mlinfra.cost.internal.pulumi.Graphs.UNKNOWN;
import static dev.mlinfra.cost.internal.pulumi.Graphs.estimate;
import static dev.mlinfra.cost.internal.pulumi.Graphs.expect;
import static dev.mlinfra.cost.internal.pulumi.Graphs.line;
import static dev.mlinfra.cost.internal.pulumi.Graphs.notPriced;
import static dev.mlinfra.cost.internal.pulumi.Graphs.resource;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.cost.Estimate;
import dev.mlinfra.cost.Usd;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class InstancePricerTest {
  private static final String TYPE = "gcp:compute/instance:Instance";
  private static final String DISK =
      ", bootDisk: {initializeParams: {size: 50, type: pd-balanced}}";

  private static Estimate instance(String inputs) {
    return estimate(resource(TYPE, "machine", inputs));
  }

  @Test
  void aMachineRunsAllMonth() {
    Estimate estimate = instance("machineType: n1-standard-4, zone: us-central1-a" + DISK);
    expect(estimate, "n1-standard-4", 730 * 0.19, 730 * 0.19);
    expect(estimate, "boot disk pd-balanced", 50 * 0.10, 50 * 0.10);
    assertThat(estimate.explained()).isEmpty();
    assertThat(line(estimate, "n1-standard-4").expected().why())
        .isEqualTo("1 x 730 h; one machine that always runs");
    assertThat(estimate.maxHourlyUsd()).isCloseTo(0.19, Offset.offset(1e-9));
  }

  @Test
  void theZoneSaysTheRegion() {
    Estimate estimate = instance("machineType: n1-standard-4, zone: europe-west4-b" + DISK);
    assertThat(line(estimate, "n1-standard-4").expected().price().region())
        .isEqualTo("europe-west4");
  }

  @Test
  void anAttachedAcceleratorIsAddedOnce() {
    Estimate estimate =
        instance(
            "machineType: n1-standard-4, zone: us-central1-a, guestAccelerators: [{type:"
                + " nvidia-tesla-t4, count: 2}]"
                + DISK);
    expect(
        estimate, "n1-standard-4 + 2 x nvidia-tesla-t4", 730 * (0.19 + 0.70), 730 * (0.19 + 0.70));
    assertThat(line(estimate, "n1-standard-4 + 2 x nvidia-tesla-t4").expected().price().note())
        .isEqualTo("1 x 0.19 (n1-standard-4) + 2 x 0.35 (nvidia-tesla-t4)");
  }

  @Test
  void aMachineThatComesWithAcceleratorsHasThemInItsPrice() {
    Estimate estimate =
        instance(
            "machineType: g2-standard-4, guestAccelerators: [{type: nvidia-l4, count: 1}]" + DISK);
    expect(estimate, "g2-standard-4", 730 * 0.70, 730 * 0.70);
  }

  @Test
  void spotIsARangeAndOnDemandTheWorstCase() {
    Estimate estimate =
        instance("machineType: n1-standard-4, scheduling: {provisioningModel: SPOT}" + DISK);
    expect(estimate, "n1-standard-4 spot", 730 * 0.08, 730 * 0.19);
    Usd expected = line(estimate, "n1-standard-4 spot").expected().usd();
    assertThat(expected.low()).isEqualTo(730 * 0.05);
  }

  @Test
  void spotWithAnAcceleratorAddsBothSpotPrices() {
    Estimate estimate =
        instance(
            "machineType: n1-standard-4, scheduling: {preemptible: true}, guestAccelerators:"
                + " [{type: projects/p/zones/z/acceleratorTypes/nvidia-tesla-t4, count: 1}]"
                + DISK);
    expect(
        estimate,
        "n1-standard-4 + 1 x nvidia-tesla-t4 spot",
        730 * (0.08 + 0.17),
        730 * (0.19 + 0.35));
  }

  @Test
  void spotWithoutASourceCountsOnDemandAndSaysSo() {
    Estimate estimate =
        instance("machineType: n1-standard-8, scheduling: {preemptible: true}" + DISK);
    expect(estimate, "n1-standard-8 spot", 730 * 0.38, 730 * 0.38);
    assertThat(line(estimate, "n1-standard-8 spot").expected().why())
        .endsWith("; no source for its spot price, so that on demand counts");
  }

  @Test
  void aStoppedMachineCostsOnlyItsDiskUntilSomebodyStartsIt() {
    Estimate estimate = instance("machineType: n1-standard-4, desiredStatus: TERMINATED" + DISK);
    expect(estimate, "n1-standard-4", 0, 730 * 0.19);
    expect(estimate, "boot disk pd-balanced", 5, 5);
  }

  @Test
  void localDisksAreCounted() {
    Estimate estimate =
        instance("machineType: n1-standard-4, scratchDisks: [{interface: NVME}]" + DISK);
    expect(estimate, "local SSD", 375 * 0.08, 375 * 0.08);
  }

  @Test
  void aDiskThatIsThereAlreadyIsNotCountedTwice() {
    Estimate estimate = instance("machineType: n1-standard-4, bootDisk: {source: other}");
    assertThat(estimate.items()).hasSize(1);
    assertThat(estimate.explained()).isEmpty();
  }

  @Test
  void whatIsNotKnownIsNotPriced() {
    assertThat(notPriced(instance("machineType: " + UNKNOWN + DISK)))
        .containsExactly("machineType is known only when deployed");
    assertThat(notPriced(instance("zone: us-central1-a" + DISK)))
        .containsExactly("machineType is missing");
    assertThat(notPriced(instance("machineType: z9-ultra, zone: europe-west4-a" + DISK)))
        .containsExactly("no source for z9-ultra in europe-west4");
    assertThat(
            notPriced(
                instance(
                    "machineType: n1-standard-4, guestAccelerators: [{type: nvidia-tesla-p100}]"
                        + DISK)))
        .containsExactly("no source for nvidia-tesla-p100 at n1-standard-4 in us-central1");
    assertThat(notPriced(instance("machineType: n1-standard-4")))
        .containsExactly(
            "the boot disk is as large as its image: set bootDisk.initializeParams.size");
    assertThat(
            notPriced(
                instance("machineType: n1-standard-4, bootDisk: {initializeParams: {size: -1}}")))
        .containsExactly("bootDisk.initializeParams.size is -1, which says nothing here");
  }

  @Test
  void theNativePackageIsReadToo() {
    Estimate estimate =
        estimate(
            resource(
                "google-native:compute/v1:Instance",
                "machine",
                "machineType: zones/us-central1-a/machineTypes/n1-standard-4, guestAccelerators:"
                    + " [{acceleratorType: nvidia-tesla-t4, acceleratorCount: 1}]"));
    expect(
        estimate, "n1-standard-4 + 1 x nvidia-tesla-t4", 730 * (0.19 + 0.35), 730 * (0.19 + 0.35));
    assertThat(notPriced(estimate))
        .containsExactly("the boot disk: disks of google-native are not read");
  }
}
