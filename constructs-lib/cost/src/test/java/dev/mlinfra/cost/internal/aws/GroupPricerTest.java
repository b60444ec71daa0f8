package dev.mlinfra.cost.internal.aws;

import static dev.mlinfra.cost.internal.aws.Bills.line;
import static dev.mlinfra.cost.internal.aws.Bills.price;
import static dev.mlinfra.cost.internal.aws.Bills.said;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mlinfra.cost.Estimate;
import dev.mlinfra.cost.LineItem;
import dev.mlinfra.cost.Price;
import dev.mlinfra.cost.PriceBook;
import dev.mlinfra.cost.Usd;
import java.util.List;
import org.junit.jupiter.api.Test;

class GroupPricerTest {
  private static final List<Price> PRICES =
      List.of(
          price("ec2", "m5.large", 0.1),
          price("ec2", "g5.xlarge", 1),
          price("ec2-spot", "g5.xlarge", 0.3, 0.4),
          price("ebs", "gp3 storage", 0.1));

  private static final String TEMPLATE =
      "T: {Type: AWS::EC2::LaunchTemplate, Properties: {LaunchTemplateData: {InstanceType: m5.large}}}";

  @Test
  void theDesiredNumberRunsAllMonthAndAtMostTheMaximum() {
    Estimate estimate =
        Bills.of(
            PRICES,
            TEMPLATE,
            "G: {Type: AWS::AutoScaling::AutoScalingGroup, Properties: {MinSize: '1', MaxSize: '4',"
                + " DesiredCapacity: '2', LaunchTemplate: {LaunchTemplateId: {Ref: T}, Version: 1}}}");

    LineItem machines = line(estimate, "G", "m5.large");
    assertThat(machines.expected().usd().high()).isCloseTo(2 * 730 * 0.1, within(1e-9));
    assertThat(machines.worstUsd().high()).isCloseTo(4 * 730 * 0.1, within(1e-9));
    LineItem disks = line(estimate, "G", "gp3 volume");
    assertThat(disks.expected().quantity()).isEqualTo(16);
    assertThat(disks.worst().orElseThrow().quantity()).isEqualTo(32);
  }

  @Test
  void aGroupThatStartsFromZeroRunsWhileSomethingIsTrained() {
    Estimate estimate =
        Bills.of(
            PRICES,
            TEMPLATE,
            "G: {Type: AWS::AutoScaling::AutoScalingGroup, Properties: {MinSize: 0, MaxSize: 2,"
                + " LaunchTemplate: {LaunchTemplateId: {Ref: T}, Version: 1}}}");

    LineItem machines = line(estimate, "G", "m5.large");
    assertThat(machines.expected().quantity()).isEqualTo(40);
    assertThat(machines.worst().orElseThrow().quantity()).isEqualTo(2 * 730.0);
  }

  @Test
  void ofSeveralTypesTheCheapestIsExpectedAndTheDearestTheWorst() {
    Estimate estimate =
        Bills.of(
            PRICES,
            TEMPLATE,
            "G: {Type: AWS::AutoScaling::AutoScalingGroup, Properties: {MinSize: 1, MaxSize: 1,"
                + " MixedInstancesPolicy: {InstancesDistribution: {OnDemandPercentageAboveBaseCapacity: 0},"
                + " LaunchTemplate: {LaunchTemplateSpecification: {LaunchTemplateId: {Ref: T}},"
                + " Overrides: [{InstanceType: m5.large}, {InstanceType: g5.xlarge}]}}}}");

    LineItem machines = line(estimate, "G", "m5.large spot");
    assertThat(machines.expected().why())
        .contains("of the cheapest of 2 types", "no price known, so counted at its ceiling");
    assertThat(machines.worst().orElseThrow().price().item()).isEqualTo("g5.xlarge");
    assertThat(machines.worst().orElseThrow().why()).endsWith("of the dearest, g5.xlarge");
  }

  @Test
  void aPartOnDemandHasALineOfItsOwn() {
    Estimate estimate =
        Bills.of(
            PRICES,
            "G: {Type: AWS::AutoScaling::AutoScalingGroup, Properties: {MinSize: 4, MaxSize: 4,"
                + " MixedInstancesPolicy: {InstancesDistribution: {OnDemandPercentageAboveBaseCapacity: 25,"
                + " SpotMaxPrice: '0.6'}, LaunchTemplate: {Overrides: [{InstanceType: g5.xlarge}]}}}}");

    assertThat(line(estimate, "G", "g5.xlarge").expected().usd()).isEqualTo(Usd.of(730));
    LineItem spot = line(estimate, "G", "g5.xlarge spot");
    assertThat(spot.expected().usd().high()).isCloseTo(3 * 730 * 0.4, within(1e-9));
    // A cap bounds what spot can cost.
    assertThat(spot.worstUsd().high()).isCloseTo(3 * 730 * 0.6, within(1e-9));
  }

  @Test
  void typesChosenByAttributesAreNotGuessed() {
    Estimate estimate =
        Bills.of(
            PRICES,
            "G: {Type: AWS::AutoScaling::AutoScalingGroup, Properties: {MinSize: 1, MaxSize: 1,"
                + " MixedInstancesPolicy: {LaunchTemplate: {Overrides: [{InstanceRequirements: {}}]}}}}");

    assertThat(said(estimate, "G")).containsExactly("NOT_PRICED " + Nodes.BY_ATTRIBUTES);
  }

  @Test
  void aNumberThatOnlyTheDeploymentKnowsIsSaid() {
    Estimate estimate =
        Bills.ofText(
            PriceBook.of(PRICES),
            Bills.USAGE,
            "{Parameters: {N: {Type: Number}}, Resources: {C: {Type: AWS::AutoScaling::LaunchConfiguration,"
                + " Properties: {InstanceType: m5.large}}, G: {Type: AWS::AutoScaling::AutoScalingGroup,"
                + " Properties: {MinSize: 1, MaxSize: {Ref: N}, LaunchConfigurationName: {Ref: C}}}}}");

    assertThat(said(estimate, "G"))
        .containsExactly("NOT_PRICED MaxSize is only known at deployment; counted are 1 instances");
    assertThat(line(estimate, "G", "m5.large").expected().quantity()).isEqualTo(730);
  }
}
