package dev.mlinfra.cost.internal.pulumi.aws;

import static dev.mlinfra.cost.internal.pulumi.Graphs.UNKNOWN;
import static dev.mlinfra.cost.internal.pulumi.Graphs.estimate;
import static dev.mlinfra.cost.internal.pulumi.Graphs.expect;
import static dev.mlinfra.cost.internal.pulumi.Graphs.expectUnbounded;
import static dev.mlinfra.cost.internal.pulumi.Graphs.free;
import static dev.mlinfra.cost.internal.pulumi.Graphs.notPriced;
import static dev.mlinfra.cost.internal.pulumi.Graphs.resource;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.cost.Estimate;
import org.junit.jupiter.api.Test;

class AwsPricersTest {
  private static Estimate one(String type, String inputs) {
    return estimate(resource(type, "one", inputs));
  }

  @Test
  void aMachineRunsAllMonth() {
    Estimate estimate =
        one(
            "aws:ec2/instance:Instance",
            "instanceType: g5.xlarge, rootBlockDevice: {volumeSize: 50, volumeType: gp3}");
    expect(estimate, "g5.xlarge", 730, 730);
    expect(estimate, "root disk gp3", 4, 4);
  }

  @Test
  void aMachineOnTheSpotMarketIsARange() {
    Estimate estimate =
        one(
            "aws:ec2/instance:Instance",
            "instanceType: m5.large, instanceMarketOptions: {marketType: spot}");
    expect(estimate, "m5.large spot", 730 * 0.06, 730 * 0.10);
    assertThat(notPriced(estimate))
        .containsExactly("the root disk is as large as its image: set rootBlockDevice.volumeSize");
  }

  @Test
  void theNativePackageIsReadToo() {
    Estimate estimate = one("aws-native:ec2:Instance", "instanceType: m5.large");
    expect(estimate, "m5.large", 73, 73);
    assertThat(notPriced(estimate)).containsExactly("its disks: blockDeviceMappings are not read");
  }

  @Test
  void aBucketHoldsTheEnvironmentsData() {
    expectUnbounded(one("aws:s3/bucketV2:BucketV2", "bucket: a"), "storage", 2.30);
    expectUnbounded(one("aws-native:s3:Bucket", "bucketName: a"), "storage", 2.30);
  }

  @Test
  void aClusterHasAControlPlane() {
    expect(one("aws:eks/cluster:Cluster", "name: a"), "control plane", 73, 73);
  }

  @Test
  void ofANodeGroupTheDearestTypeCounts() {
    Estimate estimate =
        one(
            "aws:eks/nodeGroup:NodeGroup",
            "instanceTypes: [m5.large, g5.xlarge], diskSize: 50, scalingConfig: {desiredSize: 2,"
                + " minSize: 1, maxSize: 4}");
    expect(estimate, "g5.xlarge", 730, 4 * 730);
    expect(estimate, "node disk gp2", 5, 20);
  }

  @Test
  void aNodeGroupForTrainingRunsForItsHours() {
    Estimate estimate =
        one(
            "aws-native:eks:Nodegroup",
            "instanceTypes: [m5.large], capacityType: SPOT, tags: {workload: training},"
                + " scalingConfig: {minSize: 0, maxSize: 2}");
    expect(estimate, "m5.large spot", 40 * 0.06, 2 * 730 * 0.10);
    expect(estimate, "node disk gp2", 40.0 / 730 * 20 * 0.10, 2 * 20 * 0.10);
  }

  @Test
  void aNodeGroupThatCannotBeReadIsNotPriced() {
    String type = "aws:eks/nodeGroup:NodeGroup";
    assertThat(notPriced(one(type, "instanceTypes: [m5.large]")))
        .containsExactly("scalingConfig.maxSize is missing");
    assertThat(
            notPriced(
                one(type, "launchTemplate: {id: a}, scalingConfig: {minSize: 0, maxSize: 2}")))
        .containsExactly(
            "its machines are those of a launch template, which is not read",
            "disks of its nodes: those of a launch template are not read");
    assertThat(notPriced(one(type, "instanceTypes: " + UNKNOWN + ", scalingConfig: {maxSize: 1}")))
        .contains("instanceTypes is known only when deployed");
  }

  @Test
  void theRestIsFreeOrNotPricedHere() {
    assertThat(free(one("aws:iam/role:Role", "name: a"))).hasSize(1);
    assertThat(notPriced(one("aws:lambda/function:Function", "name: a")))
        .containsExactly("this type is priced in CloudFormation templates only");
  }
}
