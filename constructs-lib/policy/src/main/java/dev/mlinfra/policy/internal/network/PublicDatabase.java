package dev.mlinfra.policy.internal.network;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.util.List;
import java.util.Optional;

/** A database has no public address. */
final class PublicDatabase implements Rule {
  private static final String PUBLIC = "PubliclyAccessible";

  @Override
  public String id() {
    return "mlinfra::network.public-database";
  }

  @Override
  public String requirement() {
    return "A database has no public address.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    for (Resource database : inspection.resources("AWS::RDS::DBInstance")) {
      Value written = inspection.property(database, PUBLIC);
      Verdict verdict = written.isMissing() ? byDefault(database, inspection) : isFalse(written);
      say(verdict, database, written, "where its VPC has an internet gateway", outcomes);
    }
    for (Resource database :
        inspection.resources("AWS::RDS::DBCluster", "AWS::Redshift::Cluster")) {
      Value written = inspection.property(database, PUBLIC);
      if (!written.isMissing()) {
        say(isFalse(written), database, written, "", outcomes);
      }
    }
    for (Resource replication : inspection.resources("AWS::DMS::ReplicationInstance")) {
      Value written = inspection.property(replication, PUBLIC);
      say(isFalse(written), replication, written, "", outcomes);
    }
  }

  private static void say(
      Verdict verdict, Resource database, Value written, String when, Outcomes.Of outcomes) {
    String problem =
        written.isMissing()
            ? ("gets a public address, which is the default " + when).strip()
            : "has a public address";
    outcomes.say(
        verdict,
        database,
        PUBLIC,
        written,
        verdict == Verdict.VIOLATED
            ? problem
            : "whether it has a public address is known only when deployed",
        "set " + PUBLIC + " to false");
  }

  private static Verdict isFalse(Value written) {
    return Decide.text(written, "false"::equalsIgnoreCase);
  }

  /** RDS gives an address where the VPC of the subnets has an internet gateway. */
  private static Verdict byDefault(Resource database, Inspection inspection) {
    if (!inspection.property(database, "DBClusterIdentifier").isMissing()) {
      // A member of a cluster can also take the subnets of the cluster.
      Value own = inspection.property(database, "DBSubnetGroupName");
      Optional<Resource> cluster =
          inspection.named(inspection.property(database, "DBClusterIdentifier"));
      Value subnets =
          own.isMissing() && cluster.isPresent()
              ? inspection.property(cluster.get(), "DBSubnetGroupName")
              : own;
      return inPrivateVpc(subnets, inspection);
    }
    return inPrivateVpc(inspection.property(database, "DBSubnetGroupName"), inspection);
  }

  private static Verdict inPrivateVpc(Value subnetGroup, Inspection inspection) {
    Reach reach = Reach.of(inspection);
    List<Optional<Resource>> vpcs =
        inspection
            .named(subnetGroup)
            .map(it -> Decide.items(inspection.property(it, "SubnetIds")))
            .orElse(List.of())
            .stream()
            .map(it -> reach.subnet(it).flatMap(subnet -> inspection.named(reach.vpc(subnet))))
            .distinct()
            .toList();
    if (vpcs.isEmpty() || vpcs.contains(Optional.<Resource>empty())) {
      return Verdict.UNDECIDED;
    }
    boolean attached =
        inspection.resources("AWS::EC2::VPCGatewayAttachment").stream()
            .filter(it -> !inspection.property(it, "InternetGatewayId").isMissing())
            .map(it -> inspection.named(inspection.property(it, "VpcId")))
            .anyMatch(vpcs::contains);
    return attached ? Verdict.VIOLATED : Verdict.COMPLIANT;
  }
}
