package dev.mlinfra.policy.internal.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import java.util.List;
import org.junit.jupiter.api.Test;

class PublicDatabaseTest {
  private static final String UNKNOWN =
      ": whether it has a public address is known only when deployed";

  @Test
  void compliantWhenItSaysSo() {
    assertThat(check("{PubliclyAccessible: false}"))
        .containsExactly("COMPLIANT Database PubliclyAccessible");
    assertThat(check("{PubliclyAccessible: 'false'}"))
        .containsExactly("COMPLIANT Database PubliclyAccessible");
  }

  @Test
  void compliantInAVpcWithoutAnInternetGateway() {
    assertThat(check("{DBSubnetGroupName: !Ref Closed}"))
        .containsExactly("COMPLIANT Database PubliclyAccessible");
  }

  @Test
  void violatedWhenItIsPublic() {
    assertThat(check("{PubliclyAccessible: true}"))
        .containsExactly("VIOLATED Database PubliclyAccessible: has a public address");
  }

  @Test
  void violatedInAVpcWithAnInternetGateway() {
    assertThat(check("{DBSubnetGroupName: !Ref Open}"))
        .containsExactly(
            "VIOLATED Database PubliclyAccessible: gets a public address, which is the default"
                + " where its VPC has an internet gateway");
  }

  @Test
  void violatedByOtherDatabases() {
    assertThat(
            Checks.of(
                new PublicDatabase(),
                """
                Resources:
                  Warehouse:
                    Type: AWS::Redshift::Cluster
                    Properties: {PubliclyAccessible: true}
                  Quiet:
                    Type: AWS::Redshift::Cluster
                  Replication:
                    Type: AWS::DMS::ReplicationInstance
                """))
        .containsExactly(
            "VIOLATED Warehouse PubliclyAccessible: has a public address",
            "VIOLATED Replication PubliclyAccessible: gets a public address, which is the default");
  }

  @Test
  void undecidedWhenOnlyTheDefaultDecidesAndTheVpcIsNotKnown() {
    assertThat(check("{}")).containsExactly("UNDECIDED Database PubliclyAccessible" + UNKNOWN);
    assertThat(check("{PubliclyAccessible: !Ref Public}"))
        .containsExactly("UNDECIDED Database PubliclyAccessible" + UNKNOWN);
  }

  @Test
  void aMemberOfAClusterIsWhereTheClusterIsUnlessItSaysItself() {
    String compliant = "COMPLIANT Database PubliclyAccessible";
    String violated =
        "VIOLATED Database PubliclyAccessible: gets a public address, which is the default where"
            + " its VPC has an internet gateway";

    assertThat(check("{DBClusterIdentifier: !Ref Inside}")).containsExactly(compliant);
    assertThat(check("{DBClusterIdentifier: !Ref Outside}")).containsExactly(violated);
    assertThat(check("{DBClusterIdentifier: !Ref Outside, DBSubnetGroupName: !Ref Closed}"))
        .containsExactly(compliant);
    assertThat(check("{DBClusterIdentifier: another}"))
        .containsExactly("UNDECIDED Database PubliclyAccessible" + UNKNOWN);
  }

  @Test
  void compliantInAVpcThatHasOnlyAVpn() {
    String vpn = Networks.VPC.replace("InternetGatewayId: !Ref Internet}", "VpnGatewayId: vgw-1}");
    assertThat(check(vpn, "{DBSubnetGroupName: !Ref Open}"))
        .containsExactly("COMPLIANT Database PubliclyAccessible");
  }

  @Test
  void undecidedWhenOneSubnetIsNotOfTheModel() {
    assertThat(check("{DBSubnetGroupName: !Ref Mixed}"))
        .containsExactly("UNDECIDED Database PubliclyAccessible" + UNKNOWN);
  }

  @Test
  void notApplicableToATable() {
    assertThat(
            Checks.of(new PublicDatabase(), "Resources: {Table: {Type: 'AWS::DynamoDB::Table'}}"))
        .isEmpty();
  }

  private static List<String> check(String properties) {
    return check(Networks.VPC, properties);
  }

  private static List<String> check(String vpc, String properties) {
    return Checks.of(
        new PublicDatabase(),
        vpc
            + """
              ClosedSubnet:
                Type: AWS::EC2::Subnet
                Properties: {VpcId: !Ref OtherVpc}
              Closed:
                Type: AWS::RDS::DBSubnetGroup
                Properties: {SubnetIds: [!Ref ClosedSubnet]}
              Open:
                Type: AWS::RDS::DBSubnetGroup
                Properties: {SubnetIds: [!Ref Private, !Ref Isolated]}
              Mixed:
                Type: AWS::RDS::DBSubnetGroup
                Properties: {SubnetIds: [!Ref ClosedSubnet, subnet-0123456789abcdef0]}
              Inside:
                Type: AWS::RDS::DBCluster
                Properties: {DBSubnetGroupName: !Ref Closed}
              Outside:
                Type: AWS::RDS::DBCluster
                Properties: {DBSubnetGroupName: !Ref Open}
              Database:
                Type: AWS::RDS::DBInstance
                Properties: %s
            """
                .formatted(properties));
  }
}
