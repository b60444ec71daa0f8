package dev.mlinfra.policy.internal.data;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.util.List;
import java.util.Map;

/**
 * Disks and databases are encrypted. Looked at is what is not encrypted unless the template says
 * so: S3, DynamoDB and FSx always encrypt.
 */
final class Encryption implements Rule {
  /**
   * What a resource must set.
   *
   * @param type its type
   * @param flag the property that must be true
   * @param inherited properties with which another resource decides, such as a snapshot
   */
  private record Store(String type, String flag, List<String> inherited) {}

  private static final List<Store> STORES =
      List.of(
          new Store("AWS::EC2::Volume", "Encrypted", List.of("SnapshotId", "SourceVolumeId")),
          new Store("AWS::EFS::FileSystem", "Encrypted", List.of()),
          new Store(
              "AWS::RDS::DBInstance",
              "StorageEncrypted",
              List.of(
                  "DBClusterIdentifier",
                  "DBSnapshotIdentifier",
                  "SourceDBInstanceIdentifier",
                  "SourceDBClusterIdentifier")),
          new Store(
              "AWS::RDS::DBCluster",
              "StorageEncrypted",
              List.of(
                  "SnapshotIdentifier", "SourceDBClusterIdentifier", "GlobalClusterIdentifier")),
          new Store("AWS::Redshift::Cluster", "Encrypted", List.of("SnapshotIdentifier")));

  /** Where a type lists the disks of a machine. */
  private static final Map<String, String> MACHINES =
      Map.of(
          "AWS::EC2::LaunchTemplate", "LaunchTemplateData.BlockDeviceMappings",
          "AWS::EC2::Instance", "BlockDeviceMappings",
          "AWS::AutoScaling::LaunchConfiguration", "BlockDeviceMappings");

  private static final String QUEUE_FLAG = "SqsManagedSseEnabled";

  @Override
  public String id() {
    return "mlinfra::data.encryption";
  }

  @Override
  public String requirement() {
    return "Disks, file systems, databases and queues are encrypted.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    for (Store store : STORES) {
      for (Resource resource : inspection.resources(store.type())) {
        Value flag = inspection.property(resource, store.flag());
        boolean inherits =
            flag.isMissing()
                && store.inherited().stream()
                    .anyMatch(it -> !inspection.property(resource, it).isMissing());
        if (!inherits) {
          say(Decide.isTrue(flag), resource, store.flag(), flag, outcomes);
        }
      }
    }
    MACHINES.forEach(
        (type, path) ->
            inspection.resources(type).forEach(it -> disks(it, path, inspection, outcomes)));
    for (Resource queue : inspection.resources("AWS::SQS::Queue")) {
      Value flag = inspection.property(queue, QUEUE_FLAG);
      if (!flag.isMissing() && inspection.property(queue, "KmsMasterKeyId").isMissing()) {
        say(Decide.isTrue(flag), queue, QUEUE_FLAG, flag, outcomes);
      }
    }
  }

  private static void disks(
      Resource machine, String path, Inspection inspection, Outcomes.Of outcomes) {
    List<Value> disks = inspection.property(machine, path).asList();
    for (int i = 0; i < disks.size(); i++) {
      for (Value disk : Decide.items(disks.get(i))) {
        Value ebs = disk.entry("Ebs");
        Value flag = ebs.entry("Encrypted");
        boolean inherits = flag.isMissing() && !ebs.entry("SnapshotId").isMissing();
        if (!ebs.isMissing() && !inherits) {
          say(Decide.isTrue(flag), machine, path + "[" + i + "].Ebs.Encrypted", flag, outcomes);
        }
      }
    }
  }

  private static void say(
      Verdict verdict, Resource resource, String at, Value flag, Outcomes.Of outcomes) {
    outcomes.say(
        verdict,
        resource,
        at,
        flag,
        verdict == Verdict.VIOLATED
            ? "is not encrypted"
            : "whether it is encrypted is known only when deployed",
        "set " + at.substring(at.lastIndexOf('.') + 1) + " to true");
  }
}
