package dev.mlinfra.policy.internal.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import java.util.List;
import org.junit.jupiter.api.Test;

class EncryptionTest {
  private static final String DISK = "LaunchTemplateData.BlockDeviceMappings[0].Ebs.Encrypted";

  @Test
  void compliantWhenItSaysSo() {
    assertThat(check("AWS::EC2::Volume", "{Encrypted: true}"))
        .containsExactly("COMPLIANT It Encrypted");
    assertThat(check("AWS::EFS::FileSystem", "{Encrypted: 'true'}"))
        .containsExactly("COMPLIANT It Encrypted");
    assertThat(check("AWS::RDS::DBCluster", "{StorageEncrypted: true}"))
        .containsExactly("COMPLIANT It StorageEncrypted");
    assertThat(check("AWS::EC2::LaunchTemplate", disk("{Encrypted: true}")))
        .containsExactly("COMPLIANT It " + DISK);
  }

  @Test
  void violatedByADiskInClear() {
    assertThat(check("AWS::EC2::LaunchTemplate", disk("{VolumeSize: 100}")))
        .containsExactly("VIOLATED It " + DISK + ": is not encrypted");
    assertThat(check("AWS::EC2::Instance", "{BlockDeviceMappings: [{Ebs: {Encrypted: false}}]}"))
        .containsExactly("VIOLATED It BlockDeviceMappings[0].Ebs.Encrypted: is not encrypted");
  }

  @Test
  void violatedByStoresInClear() {
    assertThat(check("AWS::EC2::Volume", "{Size: 1}"))
        .containsExactly("VIOLATED It Encrypted: is not encrypted");
    assertThat(check("AWS::RDS::DBInstance", "{StorageEncrypted: false}"))
        .containsExactly("VIOLATED It StorageEncrypted: is not encrypted");
    assertThat(check("AWS::Redshift::Cluster", "{}"))
        .containsExactly("VIOLATED It Encrypted: is not encrypted");
  }

  @Test
  void violatedByAQueueThatSwitchesItOff() {
    assertThat(check("AWS::SQS::Queue", "{SqsManagedSseEnabled: false}"))
        .containsExactly("VIOLATED It SqsManagedSseEnabled: is not encrypted");
  }

  @Test
  void undecidedWhenGiven() {
    assertThat(check("AWS::EC2::Volume", "{Encrypted: !Ref Encrypt}"))
        .containsExactly(
            "UNDECIDED It Encrypted: whether it is encrypted is known only when deployed");
  }

  @Test
  void notApplicableWhereAnotherResourceDecides() {
    assertThat(check("AWS::EC2::Volume", "{SnapshotId: snap-1}")).isEmpty();
    assertThat(check("AWS::RDS::DBInstance", "{DBClusterIdentifier: !Ref Cluster}")).isEmpty();
    assertThat(check("AWS::EC2::LaunchTemplate", disk("{SnapshotId: snap-1}"))).isEmpty();
  }

  @Test
  void notApplicableToWhatEncryptsByItself() {
    assertThat(check("AWS::SQS::Queue", "{}")).isEmpty();
    assertThat(check("AWS::SQS::Queue", "{SqsManagedSseEnabled: false, KmsMasterKeyId: alias/a}"))
        .isEmpty();
    assertThat(check("AWS::FSx::FileSystem", "{}")).isEmpty();
    assertThat(
            check(
                "AWS::EC2::LaunchTemplate",
                "{LaunchTemplateData: {BlockDeviceMappings: [{DeviceName: /dev/sdb, VirtualName:"
                    + " ephemeral0}]}}"))
        .isEmpty();
  }

  private static String disk(String ebs) {
    return "{LaunchTemplateData: {BlockDeviceMappings: [{DeviceName: /dev/xvda, Ebs: "
        + ebs
        + "}]}}";
  }

  private static List<String> check(String type, String properties) {
    return Checks.of(
        new Encryption(),
        "Resources:",
        "  It:",
        "    Type: " + type,
        "    Properties: " + properties);
  }
}
