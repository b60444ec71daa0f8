package dev.mlinfra.policy.internal.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpotAllocationTest {
  private static final String PROBLEM =
      ": spot capacity is chosen without regard to how much of it is left";

  @ParameterizedTest
  @ValueSource(strings = {"SPOT_PRICE_CAPACITY_OPTIMIZED", "SPOT_CAPACITY_OPTIMIZED"})
  void compliantWhenCapacityCounts(String strategy) {
    assertThat(batch("{Type: SPOT, AllocationStrategy: " + strategy + "}"))
        .containsExactly("COMPLIANT Pool ComputeResources.AllocationStrategy");
  }

  @ParameterizedTest
  @ValueSource(strings = {", AllocationStrategy: BEST_FIT_PROGRESSIVE", ""})
  void violatedByPriceAlone(String strategy) {
    assertThat(batch("{Type: SPOT" + strategy + "}"))
        .containsExactly("VIOLATED Pool ComputeResources.AllocationStrategy" + PROBLEM);
  }

  @Test
  void everyServiceHasItsOwnWords() {
    assertThat(
            pool(
                "AWS::AutoScaling::AutoScalingGroup",
                "{MixedInstancesPolicy: {InstancesDistribution:"
                    + " {OnDemandPercentageAboveBaseCapacity: 0,"
                    + " SpotAllocationStrategy: price-capacity-optimized}}}"))
        .containsExactly(
            "COMPLIANT Pool MixedInstancesPolicy.InstancesDistribution.SpotAllocationStrategy");
    assertThat(
            pool(
                "AWS::EC2::EC2Fleet",
                "{TargetCapacitySpecification: {DefaultTargetCapacityType: spot},"
                    + " SpotOptions: {AllocationStrategy: lowest-price}}"))
        .containsExactly("VIOLATED Pool SpotOptions.AllocationStrategy" + PROBLEM);
    assertThat(
            pool(
                "AWS::EC2::SpotFleet",
                "{SpotFleetRequestConfigData: {AllocationStrategy: priceCapacityOptimized}}"))
        .containsExactly("COMPLIANT Pool SpotFleetRequestConfigData.AllocationStrategy");
  }

  @Test
  void undecidedWhenGivenWhenDeployed() {
    assertThat(batch("{Type: SPOT, AllocationStrategy: !ImportValue strategy}"))
        .containsExactly(
            "UNDECIDED Pool ComputeResources.AllocationStrategy" + Undecided.whether(PROBLEM));
    assertThat(batch("{Type: !ImportValue type, AllocationStrategy: BEST_FIT}"))
        .containsExactly(
            "UNDECIDED Pool ComputeResources.AllocationStrategy" + Undecided.whether(PROBLEM));
  }

  @Test
  void notApplicableWhereNobodyCanChoose() {
    assertThat(pool("AWS::EKS::Nodegroup", "{CapacityType: SPOT}")).isEmpty();
    assertThat(batch("{Type: EC2, AllocationStrategy: BEST_FIT}")).isEmpty();
  }

  private static List<String> batch(String resources) {
    return pool("AWS::Batch::ComputeEnvironment", "{ComputeResources: " + resources + "}");
  }

  private static List<String> pool(String type, String properties) {
    return Checks.of(
        new SpotAllocation(),
        "Resources: {Pool: {Type: '" + type + "', Properties: " + properties + "}}");
  }
}
