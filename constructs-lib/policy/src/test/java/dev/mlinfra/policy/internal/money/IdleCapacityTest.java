package dev.mlinfra.policy.internal.money;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.core.Pattern;
import dev.mlinfra.policy.internal.Checks;
import dev.mlinfra.template.Models;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdleCapacityTest {
  private static final String OPEN = ": is known only when deployed";
  private static final String IDLES = ": is kept running, and billed, when there is no work";
  private static final String BATCH = "AWS::Batch::ComputeEnvironment";
  private static final String GROUP = "AWS::AutoScaling::AutoScalingGroup";
  private static final String NODES = "AWS::EKS::Nodegroup";

  @Test
  void compliantWhenBatchScalesToZero() {
    assertThat(check(BATCH, "ComputeResources: {MinvCpus: 0, DesiredvCpus: 4}"))
        .containsExactly("COMPLIANT Given ComputeResources.MinvCpus");
    assertThat(check(BATCH, "ComputeResources: {MaxvCpus: 8}"))
        .containsExactly("COMPLIANT Given ComputeResources.MinvCpus");
  }

  @Test
  void violatedWhenBatchDoesNot() {
    assertThat(check(BATCH, "ComputeResources: {MinvCpus: 4}"))
        .containsExactly("VIOLATED Given ComputeResources.MinvCpus" + IDLES);
  }

  @Test
  void violatedInOneBranchOfACondition() {
    assertThat(check(BATCH, "ComputeResources: {MinvCpus: !If [C, 0, 4]}"))
        .containsExactly("VIOLATED Given ComputeResources.MinvCpus" + IDLES);
  }

  @Test
  void undecidedWhenOnlyTheDeploymentKnows() {
    assertThat(check(BATCH, "ComputeResources: {MinvCpus: !GetAtt Other.Min}"))
        .containsExactly("UNDECIDED Given ComputeResources.MinvCpus" + OPEN);
  }

  @Test
  void notApplicableWhereUsersWait() {
    String template =
        "Resources: {Given: {Type: '"
            + BATCH
            + "', Properties: {ComputeResources: {MinvCpus: 4}}}}";
    for (Pattern pattern : List.of(Pattern.REALTIME, Pattern.HYBRID)) {
      assertThat(
              Checks.of(
                  new IdleCapacity(), Models.parse("prod.yaml", template), Map.of("prod", pattern)))
          .isEmpty();
    }
  }

  @Test
  void notApplicableToBatchWithoutInstances() {
    assertThat(check(BATCH, "Type: UNMANAGED")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "LaunchTemplate: {LaunchTemplateId: !Ref Accelerated}",
        "LaunchConfigurationName: !Ref Configuration",
        "MixedInstancesPolicy: {LaunchTemplate: {Overrides: [{InstanceType: m5.large},"
            + " {InstanceType: g5.xlarge}], LaunchTemplateSpecification: {LaunchTemplateId: lt-1}}}",
        "MixedInstancesPolicy: {LaunchTemplate: {LaunchTemplateSpecification: {LaunchTemplateId:"
            + " !Ref Accelerated}}}",
        "MixedInstancesPolicy: {LaunchTemplate: {Overrides: [{LaunchTemplateSpecification:"
            + " {LaunchTemplateId: !Ref Accelerated}}]}}",
        "MixedInstancesPolicy: {LaunchTemplate: {Overrides: [{InstanceRequirements:"
            + " {AcceleratorCount: {Min: 1}}}]}}"
      })
  void violatedByAGroupOfAcceleratedInstances(String instances) {
    assertThat(check(GROUP, "MinSize: 1, " + instances))
        .containsExactly("VIOLATED Given MinSize" + IDLES);
    assertThat(check(GROUP, "MinSize: '0', " + instances))
        .containsExactly("COMPLIANT Given MinSize");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "LaunchTemplate: {LaunchTemplateId: !Ref Plain}",
        "MixedInstancesPolicy: {LaunchTemplate: {Overrides: [{InstanceType: m5.large}]}}",
        "MixedInstancesPolicy: {LaunchTemplate: {Overrides: [{InstanceType: m5.large}],"
            + " LaunchTemplateSpecification: {LaunchTemplateId: !Ref Accelerated}}}"
      })
  void notApplicableToOtherGroups(String instances) {
    assertThat(check(GROUP, "MinSize: 1, " + instances)).isEmpty();
  }

  @Test
  void undecidedWhenOnlyTheDeploymentKnowsTheInstances() {
    assertThat(check(GROUP, "MinSize: 1, LaunchTemplate: {LaunchTemplateId: lt-0123}"))
        .containsExactly("UNDECIDED Given MinSize" + OPEN);
    assertThat(check(GROUP, "MinSize: 0, LaunchTemplate: {LaunchTemplateId: lt-0123}"))
        .containsExactly("COMPLIANT Given MinSize");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "InstanceTypes: [g5.xlarge]",
        "InstanceTypes: [trn1.2xlarge, m5.large]",
        "AmiType: AL2023_x86_64_NVIDIA, InstanceTypes: [m5.large]",
        "LaunchTemplate: {Id: !Ref Accelerated}"
      })
  void violatedByNodesWithAccelerators(String nodes) {
    assertThat(check(NODES, "ScalingConfig: {MinSize: 2}, " + nodes))
        .containsExactly("VIOLATED Given ScalingConfig.MinSize" + IDLES);
    assertThat(check(NODES, "ScalingConfig: {MinSize: 0, DesiredSize: 2}, " + nodes))
        .containsExactly("COMPLIANT Given ScalingConfig.MinSize");
  }

  @Test
  void undecidedWhenTheServiceChooses() {
    assertThat(check(NODES, "InstanceTypes: [g5.xlarge]"))
        .containsExactly("UNDECIDED Given ScalingConfig.MinSize" + OPEN);
  }

  @Test
  void notApplicableToOtherNodes() {
    assertThat(check(NODES, "ScalingConfig: {MinSize: 2}, InstanceTypes: [m5.large]")).isEmpty();
    assertThat(check(NODES, "ScalingConfig: {MinSize: 2}")).isEmpty();
  }

  @Test
  void violatedByProvisionedConcurrency() {
    String concurrency = "ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 2}";
    assertThat(check("AWS::Lambda::Alias", concurrency))
        .containsExactly(
            "VIOLATED Given ProvisionedConcurrencyConfig.ProvisionedConcurrentExecutions" + IDLES);
    assertThat(check("AWS::Lambda::Version", concurrency)).hasSize(1);
  }

  @Test
  void notApplicableToAnAliasWithoutIt() {
    assertThat(check("AWS::Lambda::Alias", "Name: live")).isEmpty();
  }

  private static List<String> check(String type, String properties) {
    return Checks.of(
        new IdleCapacity(),
        "Conditions: {C: !Equals [!Ref 'AWS::Region', x]}",
        "Resources:",
        "  Accelerated:",
        "    Type: AWS::EC2::LaunchTemplate",
        "    Properties: {LaunchTemplateData: {InstanceType: p5.48xlarge}}",
        "  Plain:",
        "    Type: AWS::EC2::LaunchTemplate",
        "    Properties: {LaunchTemplateData: {InstanceType: m5.large}}",
        "  Configuration:",
        "    Type: AWS::AutoScaling::LaunchConfiguration",
        "    Properties: {InstanceType: g5.xlarge}",
        "  Given:",
        "    Type: " + type,
        "    Properties: {" + properties + "}");
  }
}
