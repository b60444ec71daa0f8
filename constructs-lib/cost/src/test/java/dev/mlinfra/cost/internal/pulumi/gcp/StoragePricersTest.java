package dev.mlinfra.cost.internal.pulumi.gcp;

import static dev.mlinfra.cost.internal.pulumi.Graphs.estimate;
import static dev.mlinfra.cost.internal.pulumi.Graphs.expect;
import static dev.mlinfra.cost.internal.pulumi.Graphs.expectUnbounded;
import static dev.mlinfra.cost.internal.pulumi.Graphs.free;
import static dev.mlinfra.cost.internal.pulumi.Graphs.line;
import static dev.mlinfra.cost.internal.pulumi.Graphs.notPriced;
import static dev.mlinfra.cost.internal.pulumi.Graphs.resource;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.cost.Estimate;
import org.junit.jupiter.api.Test;

/** Disks, buckets, repositories, addresses and gateways. */
class StoragePricersTest {
  private static Estimate one(String type, String inputs) {
    return estimate(resource(type, "one", inputs));
  }

  @Test
  void aDiskCostsItsSize() {
    Estimate estimate =
        one("gcp:compute/disk:Disk", "zone: us-central1-a, size: 200, type: pd-ssd");
    expect(estimate, "pd-ssd", 200 * 0.17, 200 * 0.17);
    assertThat(line(estimate, "pd-ssd").expected().why())
        .isEqualTo("1 x 730 h; one disk x 200 GB / 730");
    assertThat(estimate.maxHourlyUsd()).isZero();
  }

  @Test
  void aDiskInTwoZonesCostsMore() {
    expect(
        one("gcp:compute/regionDisk:RegionDisk", "size: 100"),
        "pd-standard",
        100 * 0.08,
        100 * 0.08);
  }

  @Test
  void aDiskWithoutASizeOrASourceIsNotPriced() {
    assertThat(notPriced(one("gcp:compute/disk:Disk", "image: a")))
        .containsExactly("it is as large as what it is made from: set size");
    assertThat(notPriced(one("gcp:compute/disk:Disk", "size: 1, type: hyperdisk-ml")))
        .containsExactly("no source for disks of type hyperdisk-ml in us-central1");
  }

  @Test
  void aBucketHoldsTheEnvironmentsData() {
    expectUnbounded(
        one("gcp:storage/bucket:Bucket", "location: US-CENTRAL1"), "storage", 100 * 0.02);
    expectUnbounded(
        one("gcp:storage/bucket:Bucket", "location: us-central1, storageClass: NEARLINE"),
        "storage",
        100 * 0.01);
    expectUnbounded(one("gcp:storage/bucket:Bucket", "location: EU"), "storage", 100 * 0.026);
  }

  @Test
  void aMultiRegionWithoutASourceIsNotPricedAsARegion() {
    assertThat(notPriced(one("gcp:storage/bucket:Bucket", "location: NAM4")))
        .containsExactly("no source for standard storage of NAM4");
    assertThat(notPriced(one("gcp:storage/bucket:Bucket", "")))
        .containsExactly("no source for standard storage of US");
  }

  @Test
  void aRepositoryHoldsWhatIsAssumed() {
    Estimate estimate = one("gcp:artifactregistry/repository:Repository", "location: us-central1");
    expectUnbounded(estimate, "storage", 10 * 0.10);
    assertThat(line(estimate, "storage").expected().why())
        .isEqualTo("10 GB (assumption registry.gb)");
    assertThat(line(estimate, "storage").expected().price().region()).isEqualTo("us-east1");
  }

  @Test
  void anAddressIsDearerWhileNothingUsesIt() {
    expect(one("gcp:compute/address:Address", "region: us-central1"), "address", 3.65, 7.30);
    assertThat(free(one("gcp:compute/address:Address", "addressType: INTERNAL"))).hasSize(1);
  }

  @Test
  void ofAGatewayOnlyTheHoursAreKnown() {
    Estimate estimate = one("gcp:compute/routerNat:RouterNat", "region: us-central1");
    expect(estimate, "gateway", 730 * 0.04, 730 * 0.04);
    assertThat(notPriced(estimate))
        .containsExactly("data through the gateway: usage does not say how much");
  }
}
