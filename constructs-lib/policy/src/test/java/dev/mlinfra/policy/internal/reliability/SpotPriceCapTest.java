package dev.mlinfra.policy.internal.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpotPriceCapTest {
  private static final String PROBLEM =
      ": instances are taken away when the spot price rises above a cap";

  @Test
  void compliantWithoutACap() {
    assertThat(batch("{Type: SPOT}")).containsExactly("COMPLIANT Pool");
    assertThat(batch("{Type: SPOT, BidPercentage: 100}"))
        .containsExactly("COMPLIANT Pool ComputeResources.BidPercentage");
  }

  @Test
  void compliantWithAnEmptyPriceThatTakesOneBack() {
    assertThat(
            pool(
                "AWS::AutoScaling::AutoScalingGroup",
                "{MixedInstancesPolicy: {InstancesDistribution:"
                    + " {OnDemandPercentageAboveBaseCapacity: 20, SpotMaxPrice: ''}}}"))
        .containsExactly("COMPLIANT Pool MixedInstancesPolicy.InstancesDistribution.SpotMaxPrice");
  }

  @Test
  void violatedByAPercentageBelowOnDemand() {
    assertThat(batch("{Type: SPOT, BidPercentage: 60}"))
        .containsExactly("VIOLATED Pool ComputeResources.BidPercentage" + PROBLEM);
  }

  @Test
  void violatedByAPrice() {
    assertThat(
            pool(
                "AWS::EC2::LaunchTemplate",
                "{LaunchTemplateData: {InstanceMarketOptions: {MarketType: spot,"
                    + " SpotOptions: {MaxPrice: '0.4'}}}}"))
        .containsExactly(
            "VIOLATED Pool LaunchTemplateData.InstanceMarketOptions.SpotOptions.MaxPrice"
                + PROBLEM);
    assertThat(pool("AWS::AutoScaling::LaunchConfiguration", "{SpotPrice: 0.4}"))
        .containsExactly("VIOLATED Pool SpotPrice" + PROBLEM);
    assertThat(
            pool(
                "AWS::EC2::EC2Fleet",
                "{TargetCapacitySpecification: {DefaultTargetCapacityType: spot},"
                    + " LaunchTemplateConfigs: [{Overrides: [{MaxPrice: '0.4'}]}]}"))
        .containsExactly("VIOLATED Pool LaunchTemplateConfigs[0].Overrides[0].MaxPrice" + PROBLEM);
    assertThat(
            pool(
                "AWS::EC2::SpotFleet",
                "{SpotFleetRequestConfigData: {SpotPrice: '1',"
                    + " LaunchSpecifications: [{SpotPrice: '0.4'}]}}"))
        .containsExactly(
            "VIOLATED Pool SpotFleetRequestConfigData.SpotPrice" + PROBLEM,
            "VIOLATED Pool SpotFleetRequestConfigData.LaunchSpecifications[0].SpotPrice" + PROBLEM);
  }

  @Test
  void undecidedWhenGivenWhenDeployed() {
    assertThat(batch("{Type: SPOT, BidPercentage: !ImportValue bid}"))
        .containsExactly(
            "UNDECIDED Pool ComputeResources.BidPercentage" + Undecided.whether(PROBLEM));
  }

  @Test
  void notApplicableOnDemand() {
    assertThat(batch("{Type: EC2, BidPercentage: 60}")).isEmpty();
    assertThat(pool("AWS::AutoScaling::LaunchConfiguration", "{InstanceType: g5.xlarge}"))
        .isEmpty();
  }

  private static List<String> batch(String resources) {
    return pool("AWS::Batch::ComputeEnvironment", "{ComputeResources: " + resources + "}");
  }

  private static List<String> pool(String type, String properties) {
    return Checks.of(
        new SpotPriceCap(),
        "Resources: {Pool: {Type: '" + type + "', Properties: " + properties + "}}");
  }
}
