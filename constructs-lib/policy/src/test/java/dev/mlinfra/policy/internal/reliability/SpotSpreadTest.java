package dev.mlinfra.policy.internal.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpotSpreadTest {
  private static final String SUBNETS = "Subnets: [subnet-1, subnet-2]";
  private static final String FEW_TYPES =
      ": there are fewer than 4 instance types to choose spot capacity from";
  private static final String FEW_ZONES =
      ": there are fewer than 2 zones to choose spot capacity from";
  private static final String OPEN_TYPES = Undecided.whether(FEW_TYPES);
  private static final String OPEN_ZONES = Undecided.whether(FEW_ZONES);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[g5.xlarge, g5.2xlarge, g6.xlarge, g6.2xlarge]",
        "[g5]",
        "[optimal]",
        "[c5.large, default_x86_64]"
      })
  void compliantWithFourTypesOrAFamilyInTwoZones(String types) {
    assertThat(batch("Type: SPOT", "InstanceTypes: " + types, SUBNETS))
        .containsExactly(
            "COMPLIANT Pool ComputeResources.InstanceTypes",
            "COMPLIANT Pool ComputeResources.Subnets");
  }

  @Test
  void violatedByOneTypeInOneZone() {
    assertThat(batch("Type: SPOT", "InstanceTypes: [g5.xlarge]", "Subnets: [subnet-1]"))
        .containsExactly(
            "VIOLATED Pool ComputeResources.InstanceTypes" + FEW_TYPES,
            "VIOLATED Pool ComputeResources.Subnets" + FEW_ZONES);
  }

  @Test
  void violatedByOneTypeOftenNamed() {
    assertThat(batch("Type: SPOT", "InstanceTypes: [a.b, a.b, a.b, a.b]", "Subnets: [s-1, s-1]"))
        .containsExactly(
            "VIOLATED Pool ComputeResources.InstanceTypes" + FEW_TYPES,
            "VIOLATED Pool ComputeResources.Subnets" + FEW_ZONES);
  }

  @Test
  void violatedWhenOneBranchHasTooFew() {
    assertThat(
            batch(
                "Type: SPOT",
                "InstanceTypes: !If [Big, [g5], [g5.xlarge]]",
                "Subnets: !If [Big, [subnet-1, subnet-2], [subnet-1]]"))
        .containsExactly(
            "VIOLATED Pool ComputeResources.InstanceTypes" + FEW_TYPES,
            "VIOLATED Pool ComputeResources.Subnets" + FEW_ZONES);
  }

  @Test
  void undecidedWhenTheListsAreGivenWhenDeployed() {
    assertThat(
            batch(
                "Type: SPOT",
                "InstanceTypes: !Split [',', !ImportValue types]",
                "Subnets: [!ImportValue one, !ImportValue two]"))
        .containsExactly(
            "UNDECIDED Pool ComputeResources.InstanceTypes" + OPEN_TYPES,
            "UNDECIDED Pool ComputeResources.Subnets" + OPEN_ZONES);
  }

  @Test
  void undecidedWhenItMayRunOnDemand() {
    assertThat(batch("Type: !If [Big, SPOT, EC2]", "InstanceTypes: [g5.xlarge]", "Subnets: [s-1]"))
        .containsExactly(
            "UNDECIDED Pool ComputeResources.InstanceTypes" + OPEN_TYPES,
            "UNDECIDED Pool ComputeResources.Subnets" + OPEN_ZONES);
  }

  @Test
  void notApplicableOnDemandAndOnFargate() {
    assertThat(batch("Type: EC2", "InstanceTypes: [g5.xlarge]")).isEmpty();
    assertThat(batch("Type: FARGATE_SPOT", "Subnets: [subnet-1]")).isEmpty();
    assertThat(pool("AWS::EKS::Nodegroup", "InstanceTypes: [g5.xlarge]")).isEmpty();
    assertThat(
            pool(
                "AWS::AutoScaling::AutoScalingGroup",
                "MixedInstancesPolicy:",
                "  LaunchTemplate: {Overrides: [{InstanceType: g5.xlarge}]}"))
        .as("a group without a percentage is on demand")
        .isEmpty();
    assertThat(
            pool(
                "AWS::EC2::EC2Fleet",
                "TargetCapacitySpecification: {TotalTargetCapacity: 1,"
                    + " DefaultTargetCapacityType: on-demand}",
                "LaunchTemplateConfigs: []"))
        .isEmpty();
  }

  @Test
  void compliantNodesOfEks() {
    assertThat(
            pool(
                "AWS::EKS::Nodegroup",
                "CapacityType: SPOT",
                "InstanceTypes: [g5.xlarge, g5.2xlarge, g6.xlarge, g6.2xlarge]",
                SUBNETS))
        .containsExactly("COMPLIANT Pool InstanceTypes", "COMPLIANT Pool Subnets");
  }

  @Test
  void violatedByNodesOfEksWithTheTypeOfTheirLaunchTemplate() {
    assertThat(
            pool(
                "AWS::EKS::Nodegroup",
                "CapacityType: SPOT",
                "LaunchTemplate: {Id: !Ref Template}",
                SUBNETS))
        .containsExactly("VIOLATED Pool LaunchTemplate" + FEW_TYPES, "COMPLIANT Pool Subnets");
    assertThat(pool("AWS::EKS::Nodegroup", "CapacityType: SPOT", SUBNETS))
        .as("EKS takes one type by itself")
        .containsExactly("VIOLATED Pool InstanceTypes" + FEW_TYPES, "COMPLIANT Pool Subnets");
  }

  @Test
  void undecidedWhenTheLaunchTemplateStandsElsewhere() {
    assertThat(
            pool(
                "AWS::EKS::Nodegroup",
                "CapacityType: SPOT",
                "LaunchTemplate: {Id: lt-0123456789abcdef0}",
                SUBNETS))
        .containsExactly("UNDECIDED Pool LaunchTemplate" + OPEN_TYPES, "COMPLIANT Pool Subnets");
  }

  @Test
  void subnetsOfOneZoneCountOnce() {
    assertThat(pool("AWS::EKS::Nodegroup", "CapacityType: SPOT", "Subnets: [!Ref A, !Ref B]"))
        .contains("COMPLIANT Pool Subnets");
    assertThat(pool("AWS::EKS::Nodegroup", "CapacityType: SPOT", "Subnets: [!Ref A, !Ref Also]"))
        .contains("VIOLATED Pool Subnets" + FEW_ZONES);
  }

  @Test
  void compliantGroups() {
    assertThat(group("Overrides: [{InstanceRequirements: {VCpuCount: {Min: 4}}}]", "!GetAZs ''"))
        .containsExactly(
            "COMPLIANT Pool MixedInstancesPolicy.LaunchTemplate.Overrides",
            "COMPLIANT Pool AvailabilityZones");
    assertThat(
            group(
                "Overrides: [{InstanceType: a.b}, {InstanceType: a.c}, {InstanceType: a.d},"
                    + " {WeightedCapacity: 2}]",
                "[us-east-1a, us-east-1b]"))
        .as("the fourth is that of the template")
        .containsExactly(
            "COMPLIANT Pool MixedInstancesPolicy.LaunchTemplate.Overrides",
            "COMPLIANT Pool AvailabilityZones");
  }

  @Test
  void violatedByAGroupWithoutOverrides() {
    assertThat(group("", "[!Select [0, !GetAZs '']]"))
        .containsExactly(
            "VIOLATED Pool MixedInstancesPolicy.LaunchTemplate.LaunchTemplateSpecification"
                + FEW_TYPES,
            "VIOLATED Pool AvailabilityZones" + FEW_ZONES);
  }

  @Test
  void aGroupTakesSubnetsInOneText() {
    assertThat(
            pool(
                "AWS::AutoScaling::AutoScalingGroup",
                "MixedInstancesPolicy:",
                "  InstancesDistribution: {OnDemandPercentageAboveBaseCapacity: 0}",
                "VPCZoneIdentifier: [!Join [',', [!Ref A, !Ref B]]]"))
        .contains("COMPLIANT Pool VPCZoneIdentifier");
  }

  @Test
  void fleetsChooseFromWhatTheirOverridesName() {
    String configs =
        "LaunchTemplateConfigs: [{LaunchTemplateSpecification: {LaunchTemplateName: gpu},"
            + " Overrides: [{InstanceType: a.b, SubnetId: s-1}, {InstanceType: a.c, SubnetId: s-1},"
            + " {InstanceType: a.d, SubnetId: 's-1, s-2'}, {SubnetId: s-1}]}]";
    String target = "TargetCapacitySpecification: {SpotTargetCapacity: 4}";
    assertThat(pool("AWS::EC2::EC2Fleet", target, configs))
        .containsExactly(
            "COMPLIANT Pool LaunchTemplateConfigs", "COMPLIANT Pool LaunchTemplateConfigs");
    assertThat(pool("AWS::EC2::EC2Fleet", target, configs.replace("a.d", "a.c").replace("s-2", "")))
        .containsExactly(
            "VIOLATED Pool LaunchTemplateConfigs" + FEW_TYPES,
            "COMPLIANT Pool LaunchTemplateConfigs");
  }

  @Test
  void aFleetThatNamesNoSubnetChoosesFromAllZones() {
    assertThat(
            pool(
                "AWS::EC2::SpotFleet",
                "SpotFleetRequestConfigData:",
                "  LaunchSpecifications: [{InstanceType: g5.xlarge}, {InstanceType: g5.2xlarge}]"))
        .containsExactly(
            "VIOLATED Pool SpotFleetRequestConfigData.LaunchSpecifications" + FEW_TYPES,
            "COMPLIANT Pool SpotFleetRequestConfigData.LaunchSpecifications");
  }

  @Test
  void violatedByALaunchTemplateThatAsksForSpotItself() {
    assertThat(
            pool(
                "AWS::EC2::LaunchTemplate",
                "LaunchTemplateData:",
                "  InstanceType: g5.xlarge",
                "  InstanceMarketOptions: {MarketType: spot}"))
        .containsExactly("VIOLATED Pool LaunchTemplateData" + FEW_TYPES);
  }

  @Test
  void violatedByALaunchConfigurationWithASpotPrice() {
    assertThat(
            pool(
                "AWS::AutoScaling::LaunchConfiguration",
                "InstanceType: g5.xlarge",
                "SpotPrice: '0.5'"))
        .containsExactly("VIOLATED Pool InstanceType" + FEW_TYPES);
  }

  private static List<String> group(String template, String zones) {
    return pool(
        "AWS::AutoScaling::AutoScalingGroup",
        "MixedInstancesPolicy:",
        "  InstancesDistribution: {OnDemandPercentageAboveBaseCapacity: 0}",
        "  LaunchTemplate:",
        "    LaunchTemplateSpecification: {LaunchTemplateId: !Ref Template}",
        "    " + template,
        "AvailabilityZones: " + zones);
  }

  private static List<String> batch(String... lines) {
    return pool(
        "AWS::Batch::ComputeEnvironment", "ComputeResources:\n  " + String.join("\n  ", lines));
  }

  private static List<String> pool(String type, String... lines) {
    return Checks.of(
        new SpotSpread(),
        "Parameters: {Size: {Type: String}}",
        "Conditions: {Big: !Equals [!Ref Size, big]}",
        "Resources:",
        "  A: {Type: 'AWS::EC2::Subnet', Properties: {AvailabilityZone: us-east-1a}}",
        "  Also: {Type: 'AWS::EC2::Subnet', Properties: {AvailabilityZone: us-east-1a}}",
        "  B: {Type: 'AWS::EC2::Subnet', Properties: {AvailabilityZone: us-east-1b}}",
        "  Template:",
        "    Type: AWS::EC2::LaunchTemplate",
        "    Properties:",
        "      LaunchTemplateName: gpu",
        "      LaunchTemplateData: {InstanceType: g5.xlarge}",
        "  Pool:",
        "    Type: " + type,
        "    Properties:",
        "      " + String.join("\n", lines).replace("\n", "\n      "));
  }
}
