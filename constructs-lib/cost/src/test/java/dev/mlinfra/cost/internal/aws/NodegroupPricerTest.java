package dev.mlinfra.cost.internal.aws;

import static dev.mlinfra.cost.internal.aws.Bills.line;
import static dev.mlinfra.cost.internal.aws.Bills.price;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mlinfra.cost.Estimate;
import dev.mlinfra.cost.LineItem;
import dev.mlinfra.cost.Price;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodegroupPricerTest {
  private static final List<Price> PRICES =
      List.of(
          price("ec2", "t3.medium", 0.04),
          price("ec2", "g5.xlarge", 1),
          price("ec2", "g5.2xlarge", 1.5),
          price("ebs", "gp3 storage", 0.1));

  @Test
  void aGroupWithoutTypesHasThoseOfEks() {
    Estimate estimate =
        Bills.of(
            PRICES,
            "N: {Type: AWS::EKS::Nodegroup, Properties: {ScalingConfig: {MinSize: 1, DesiredSize: 2, MaxSize: 3}}}");

    assertThat(line(estimate, "N", "t3.medium").expected().quantity()).isEqualTo(2 * 730.0);
    assertThat(line(estimate, "N", "t3.medium").worst().orElseThrow().quantity())
        .isEqualTo(3 * 730.0);
    assertThat(line(estimate, "N", "gp3 volume").expected().quantity()).isEqualTo(40);
  }

  @Test
  void spotNodesFromZeroRunWhileSomethingIsTrained() {
    Estimate estimate =
        Bills.of(
            PRICES,
            "N: {Type: AWS::EKS::Nodegroup, Properties: {CapacityType: SPOT, DiskSize: 100,"
                + " InstanceTypes: [g5.2xlarge, g5.xlarge], ScalingConfig: {MinSize: 0, DesiredSize: 0, MaxSize: 2}}}");

    LineItem nodes = line(estimate, "N", "g5.xlarge spot");
    assertThat(nodes.expected().quantity()).isEqualTo(40);
    assertThat(nodes.worstUsd().high()).isCloseTo(2 * 730 * 1.5, within(1e-9));
    assertThat(line(estimate, "N", "gp3 volume").expected().quantity())
        .isCloseTo(100 * 40 / 730.0, within(1e-9));
  }
}
