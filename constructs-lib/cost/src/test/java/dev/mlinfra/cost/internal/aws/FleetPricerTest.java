package dev.mlinfra.cost.internal.aws;

import static dev.mlinfra.cost.internal.aws.Bills.line;
import static dev.mlinfra.cost.internal.aws.Bills.price;
import static dev.mlinfra.cost.internal.aws.Bills.said;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mlinfra.cost.Estimate;
import dev.mlinfra.cost.LineItem;
import dev.mlinfra.cost.Price;
import dev.mlinfra.cost.Usd;
import java.util.List;
import org.junit.jupiter.api.Test;

class FleetPricerTest {
  private static final List<Price> PRICES =
      List.of(
          price("ec2", "m5.large", 0.1),
          price("ec2", "m5.xlarge", 0.2),
          price("ec2-spot", "m5.xlarge", 0.05, 0.08));

  @Test
  void weightsSayHowManyInstancesGiveTheCapacity() {
    Estimate estimate =
        Bills.of(
            PRICES,
            "F: {Type: AWS::EC2::EC2Fleet, Properties: {TargetCapacitySpecification:"
                + " {TotalTargetCapacity: 8, DefaultTargetCapacityType: spot},"
                + " LaunchTemplateConfigs: [{Overrides: [{InstanceType: m5.xlarge, WeightedCapacity: 4}]}]}}");

    LineItem fleet = line(estimate, "F", "m5.xlarge spot");
    assertThat(fleet.expected().quantity()).isEqualTo(2 * 730.0);
    assertThat(fleet.expected().usd()).isEqualTo(new Usd(0.05 * 1460, 0.08 * 1460));
    assertThat(fleet.worstUsd().high()).isCloseTo(0.2 * 1460, within(1e-9));
  }

  @Test
  void whatIsAskedForOnDemandIsBilledSo() {
    Estimate estimate =
        Bills.of(
            PRICES,
            "F: {Type: AWS::EC2::SpotFleet, Properties: {SpotFleetRequestConfigData: {TargetCapacity: 3,"
                + " OnDemandTargetCapacity: 1, LaunchSpecifications: [{InstanceType: m5.large}]}}}");

    assertThat(line(estimate, "F", "m5.large").expected().quantity()).isEqualTo(730);
    assertThat(line(estimate, "F", "m5.large spot").expected().quantity()).isEqualTo(2 * 730.0);
  }

  @Test
  void anUnknownCapacityIsSaid() {
    Estimate estimate = Bills.of(PRICES, "F: {Type: AWS::EC2::EC2Fleet}");

    assertThat(said(estimate, "F"))
        .containsExactly("NOT_PRICED the target capacity is only known at deployment");
  }
}
