package dev.mlinfra.policy.internal.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GpuNodeTaintTest {
  private static final String PROBLEM = ": pods that need no accelerator run on these nodes";
  private static final String TAINT =
      "Taints: [{Key: nvidia.com/gpu, Value: present, Effect: NO_SCHEDULE}]";

  @Test
  void compliantWithATaint() {
    assertThat(nodes("InstanceTypes: [g5.xlarge], " + TAINT))
        .containsExactly("COMPLIANT Nodes Taints");
  }

  @Test
  void compliantWhenTheNodesAddTheTaintThemselves() {
    assertThat(
            template(
                "InstanceType: g5.xlarge, UserData: !Base64"
                    + " '--register-with-taints=gpu=true:NoSchedule'"))
        .containsExactly("COMPLIANT Nodes Taints");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "InstanceTypes: [g5.xlarge]",
        "InstanceTypes: [p6-b200.48xlarge], Taints: []",
        "InstanceTypes: [trn1.2xlarge], Taints: [{Key: a, Effect: PREFER_NO_SCHEDULE}]",
        "AmiType: AL2023_x86_64_NVIDIA"
      })
  void violatedWithoutATaint(String properties) {
    assertThat(nodes(properties)).containsExactly("VIOLATED Nodes Taints" + PROBLEM);
  }

  @Test
  void violatedWhenTheLaunchTemplateNamesTheType() {
    assertThat(template("InstanceType: inf2.xlarge"))
        .containsExactly("VIOLATED Nodes Taints" + PROBLEM);
  }

  @Test
  void undecidedWhenTypeOrTaintIsGivenWhenDeployed() {
    assertThat(nodes("InstanceTypes: [!ImportValue type]"))
        .containsExactly("UNDECIDED Nodes Taints" + Undecided.whether(PROBLEM));
    assertThat(nodes("InstanceTypes: [g5.xlarge], Taints: !ImportValue taints"))
        .containsExactly("UNDECIDED Nodes Taints" + Undecided.whether(PROBLEM));
    assertThat(nodes("LaunchTemplate: {Id: lt-1}"))
        .containsExactly("UNDECIDED Nodes Taints" + Undecided.whether(PROBLEM));
  }

  @Test
  void notApplicableWithoutAnAccelerator() {
    assertThat(nodes("InstanceTypes: [m5.large]")).isEmpty();
    assertThat(nodes("AmiType: AL2023_x86_64_STANDARD, InstanceTypes: [!ImportValue type]"))
        .isEmpty();
    assertThat(nodes("CapacityType: ON_DEMAND")).isEmpty();
  }

  private static List<String> template(String data) {
    return Checks.of(
        new GpuNodeTaint(),
        "Resources:",
        "  Template:",
        "    Type: AWS::EC2::LaunchTemplate",
        "    Properties: {LaunchTemplateData: {" + data + "}}",
        "  Nodes:",
        "    Type: AWS::EKS::Nodegroup",
        "    Properties: {LaunchTemplate: {Id: !Ref Template}}");
  }

  private static List<String> nodes(String properties) {
    return Checks.of(
        new GpuNodeTaint(),
        "Resources:",
        "  Nodes: {Type: 'AWS::EKS::Nodegroup', Properties: {" + properties + "}}");
  }
}
