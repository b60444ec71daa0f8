package dev.mlinfra.policy.internal.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import java.util.List;
import org.junit.jupiter.api.Test;

class GpuNodeDiskTest {
  private static final String PROBLEM =
      ": the disk is too small for images of containers that use an accelerator";

  @Test
  void compliantWithRoom() {
    assertThat(nodes("InstanceTypes: [g5.xlarge], DiskSize: 100"))
        .containsExactly("COMPLIANT Nodes DiskSize");
    assertThat(template("BlockDeviceMappings: [{Ebs: {VolumeSize: 4}}, {Ebs: {VolumeSize: 200}}]"))
        .containsExactly("COMPLIANT Nodes LaunchTemplate");
  }

  @Test
  void compliantWhenImagesGoToTheDisksOfTheInstance() {
    assertThat(template("UserData: !Base64 'spec: {instance: {localStorage: {strategy: RAID0}}}'"))
        .containsExactly("COMPLIANT Nodes LaunchTemplate");
  }

  @Test
  void violatedByWhatEksGives() {
    assertThat(nodes("InstanceTypes: [g5.xlarge]"))
        .containsExactly("VIOLATED Nodes DiskSize" + PROBLEM);
    assertThat(nodes("InstanceTypes: [g5.xlarge], DiskSize: 50"))
        .containsExactly("VIOLATED Nodes DiskSize" + PROBLEM);
    assertThat(template("BlockDeviceMappings: [{Ebs: {VolumeSize: 40}}]"))
        .containsExactly("VIOLATED Nodes LaunchTemplate" + PROBLEM);
    assertThat(template("ImageId: ami-1"))
        .containsExactly("VIOLATED Nodes LaunchTemplate" + PROBLEM);
  }

  @Test
  void undecidedWhenGivenWhenDeployedOrElsewhere() {
    assertThat(nodes("InstanceTypes: [g5.xlarge], DiskSize: !ImportValue size"))
        .containsExactly("UNDECIDED Nodes DiskSize" + Undecided.whether(PROBLEM));
    assertThat(nodes("InstanceTypes: [g5.xlarge], LaunchTemplate: {Id: lt-1}"))
        .containsExactly("UNDECIDED Nodes LaunchTemplate" + Undecided.whether(PROBLEM));
    assertThat(template("BlockDeviceMappings: [{Ebs: {SnapshotId: snap-1}}]"))
        .containsExactly("UNDECIDED Nodes LaunchTemplate" + Undecided.whether(PROBLEM));
  }

  @Test
  void notApplicableWithoutAnAccelerator() {
    assertThat(nodes("InstanceTypes: [m5.large]")).isEmpty();
  }

  private static List<String> template(String data) {
    return Checks.of(
        new GpuNodeDisk(),
        "Resources:",
        "  Template:",
        "    Type: AWS::EC2::LaunchTemplate",
        "    Properties: {LaunchTemplateData: {InstanceType: g5.xlarge, " + data + "}}",
        "  Nodes:",
        "    Type: AWS::EKS::Nodegroup",
        "    Properties: {LaunchTemplate: {Id: !Ref Template}}");
  }

  private static List<String> nodes(String properties) {
    return Checks.of(
        new GpuNodeDisk(),
        "Resources:",
        "  Nodes: {Type: 'AWS::EKS::Nodegroup', Properties: {" + properties + "}}");
  }
}
