package dev.mlinfra.policy.internal.network;

import static dev.mlinfra.policy.Verdict.COMPLIANT;
import static dev.mlinfra.policy.Verdict.UNDECIDED;
import static dev.mlinfra.policy.Verdict.VIOLATED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.template.Models;
import dev.mlinfra.template.Value;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReachTest {
  private static final String PUBLIC_ADDRESS =
      "Properties: {VpcId: !Ref Vpc, MapPublicIpOnLaunch: true, CidrBlock: 10.0.0.0/24}";

  @Test
  void aPublicAddressInAPublicSubnetReachesTheInternet() {
    assertThat(new Case("").publicAddress(COMPLIANT).internet("Public")).isEqualTo(COMPLIANT);
  }

  @Test
  void withoutAPublicAddressAPublicSubnetLeadsNowhere() {
    assertThat(new Case("").publicAddress(VIOLATED).internet("Public")).isEqualTo(VIOLATED);
    assertThat(new Case("").internet("Public")).isEqualTo(VIOLATED);
  }

  @Test
  void aSubnetCanAssignThePublicAddress() {
    String vpc =
        Networks.VPC.replace(
            "Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24}", PUBLIC_ADDRESS);

    assertThat(Case.of(vpc).internet("Public")).isEqualTo(COMPLIANT);
  }

  @Test
  void aPublicAddressIsOfNoUseInAPrivateSubnet() {
    assertThat(new Case("").publicAddress(COMPLIANT).internet("Isolated")).isEqualTo(VIOLATED);
  }

  @Test
  void aNatGatewayLeadsToTheInternet() {
    assertThat(new Case("").internet("Private")).isEqualTo(COMPLIANT);
  }

  @Test
  void aNatGatewayInASubnetThatIsNotPublicLeadsNowhere() {
    String vpc = Networks.VPC.replace("{SubnetId: !Ref Public}", "{SubnetId: !Ref Isolated}");

    assertThat(Case.of(vpc).internet("Private")).isEqualTo(VIOLATED);
  }

  @Test
  void aPrivateNatGatewayLeadsNowhere() {
    String vpc =
        Networks.VPC.replace(
            "{SubnetId: !Ref Public}", "{SubnetId: !Ref Public, ConnectivityType: private}");

    assertThat(Case.of(vpc).internet("Private")).isEqualTo(VIOLATED);
  }

  @Test
  void anIsolatedSubnetReachesNothing() {
    Case isolated = new Case("");

    assertThat(isolated.internet("Isolated")).isEqualTo(VIOLATED);
    assertThat(isolated.service("Isolated", "s3")).isEqualTo(VIOLATED);
  }

  @Test
  void aSubnetWithoutATableOfItsOwnHasTheMainOneOfItsVpcWhichLeadsNowhere() {
    String lone =
        """
          Lone:
            Type: AWS::EC2::Subnet
            Properties: {VpcId: !Ref Vpc}
        """;

    assertThat(new Case(lone).internet("Lone")).isEqualTo(VIOLATED);
  }

  @Test
  void theMainTableOfAForeignVpcIsNotKnown() {
    String lone =
        """
          Lone:
            Type: AWS::EC2::Subnet
            Properties: {VpcId: vpc-0123456789abcdef0}
        """;

    assertThat(new Case(lone).internet("Lone")).isEqualTo(UNDECIDED);
  }

  @Test
  void aSubnetThatIsNotOfTheModelIsNotKnown() {
    Case foreign = new Case("");

    assertThat(foreign.internet(new Value.Text("subnet-0123456789abcdef0"))).isEqualTo(UNDECIDED);
    assertThat(foreign.internet(new Value.Ref("SubnetId"))).isEqualTo(UNDECIDED);
    assertThat(foreign.service(new Value.Ref("SubnetId"), "s3")).isEqualTo(UNDECIDED);
  }

  @Test
  void aRouteToAnythingElseIsNotKnown() {
    String route =
        """
          TransitRoute:
            Type: AWS::EC2::Route
            Properties:
              RouteTableId: !Ref IsolatedTable
              DestinationCidrBlock: 0.0.0.0/0
              TransitGatewayId: !Ref Transit
        """;

    assertThat(new Case(route).internet("Isolated")).isEqualTo(UNDECIDED);
  }

  @Test
  void aRouteOfATableThatIsNotKnownCanBeAnyTables() {
    String route =
        """
          SomeRoute:
            Type: AWS::EC2::Route
            Properties:
              RouteTableId: !Ref SomeTable
              DestinationCidrBlock: 0.0.0.0/0
              GatewayId: !Ref Internet
        """;

    assertThat(new Case(route).internet("Isolated")).isEqualTo(UNDECIDED);
    assertThat(new Case(route).internet("Private")).isEqualTo(COMPLIANT);
  }

  @Test
  void aTableThatIsNotKnownCanLeadAnywhere() {
    String vpc = Networks.VPC.replace("RouteTableId: !Ref IsolatedTable}", "RouteTableId: rtb-1}");

    assertThat(Case.of(vpc).internet("Isolated")).isEqualTo(UNDECIDED);
  }

  @Test
  void aVpnCanBringARouteForEverything() {
    String propagation =
        """
          Propagation:
            Type: AWS::EC2::VPNGatewayRoutePropagation
            Properties: {RouteTableIds: [!Ref IsolatedTable], VpnGatewayId: vgw-1}
        """;

    assertThat(new Case(propagation).internet("Isolated")).isEqualTo(UNDECIDED);
  }

  @Test
  void anInterfaceEndpointLeadsToItsServiceOnly() {
    Case one = new Case(Networks.endpoint("ecr.api"));

    assertThat(one.service("Isolated", "ecr.api")).isEqualTo(COMPLIANT);
    assertThat(one.service("Isolated", "ecr.dkr")).isEqualTo(VIOLATED);
    assertThat(one.service("Isolated", "api")).as("not a part of a name").isEqualTo(VIOLATED);
  }

  @Test
  void anEndpointCanNameItsRegion() {
    String there =
        Networks.endpoint("ecr.api")
            .replace(
                "!Sub com.amazonaws.${AWS::Region}.ecr.api", "com.amazonaws.eu-west-1.ecr.api");

    assertThat(new Case(there).service("Isolated", "ecr.api")).isEqualTo(COMPLIANT);
    assertThat(new Case(there).service("Isolated", "api")).isEqualTo(VIOLATED);
  }

  @Test
  void anEndpointInAnotherVpcIsOfNoUse() {
    String there = Networks.endpoint("logs").replace("VpcId: !Ref Vpc", "VpcId: !Ref OtherVpc");

    assertThat(new Case(there).service("Isolated", "logs")).isEqualTo(VIOLATED);
  }

  @Test
  void anEndpointInAVpcThatIsNotKnownCanBeHere() {
    String there = Networks.endpoint("logs").replace("VpcId: !Ref Vpc", "VpcId: !Ref SomeVpc");

    assertThat(new Case(there).service("Isolated", "logs")).isEqualTo(UNDECIDED);
  }

  @Test
  void anEndpointOfAServiceThatIsNotKnownCanBeTheOne() {
    String some =
        Networks.endpoint("logs").replace("!Sub com.amazonaws.${AWS::Region}.logs", "!Ref Service");

    assertThat(new Case(some).service("Isolated", "logs")).isEqualTo(UNDECIDED);
  }

  @Test
  void withoutPrivateNamesAnEndpointIsNotFound() {
    String nameless =
        Networks.endpoint("logs").replace("PrivateDnsEnabled: true", "PrivateDnsEnabled: false");

    assertThat(new Case(nameless).service("Isolated", "logs")).isEqualTo(VIOLATED);
  }

  @Test
  void privateNamesAreTheDefault() {
    String silent = Networks.endpoint("logs").replace("PrivateDnsEnabled: true", "");

    assertThat(new Case(silent).service("Isolated", "logs")).isEqualTo(COMPLIANT);
  }

  @Test
  void anEndpointMustLetTheWorkloadIn() {
    String strict = Networks.VPC.replace("FromPort: 443", "FromPort: 444");

    assertThat(Case.of(strict + Networks.endpoint("logs")).service("Isolated", "logs"))
        .isEqualTo(VIOLATED);
  }

  @Test
  void anEndpointCanLetInByAddress() {
    for (String range :
        List.of("10.0.2.0/24", "10.0.0.0/8", "0.0.0.0/0", "!GetAtt Vpc.CidrBlock")) {
      String open =
          Networks.VPC.replace(
              "SourceSecurityGroupId: !GetAtt WorkloadGroup.GroupId", "CidrIp: " + range);

      assertThat(Case.of(open + Networks.endpoint("logs")).service("Isolated", "logs"))
          .as(range)
          .isEqualTo(COMPLIANT);
    }
  }

  @Test
  void anotherAddressIsNotLetIn() {
    String other =
        Networks.VPC.replace(
            "SourceSecurityGroupId: !GetAtt WorkloadGroup.GroupId", "CidrIp: 192.168.0.0/16");

    assertThat(Case.of(other + Networks.endpoint("logs")).service("Isolated", "logs"))
        .isEqualTo(VIOLATED);
  }

  @Test
  void aRuleBesideTheGroupCounts() {
    String rule =
        """
          In:
            Type: AWS::EC2::SecurityGroupIngress
            Properties:
              GroupId: !GetAtt EndpointGroup.GroupId
              IpProtocol: '-1'
              SourceSecurityGroupId: !GetAtt WorkloadGroup.GroupId
        """;
    String strict = Networks.VPC.replace("FromPort: 443", "FromPort: 444") + rule;

    assertThat(Case.of(strict + Networks.endpoint("logs")).service("Isolated", "logs"))
        .isEqualTo(COMPLIANT);
  }

  @Test
  void aGroupThatIsNotOfTheModelIsTakenToFit() {
    String foreign =
        Networks.endpoint("logs").replace("!GetAtt EndpointGroup.GroupId", "sg-0123456789abcdef0");

    assertThat(new Case(foreign).service("Isolated", "logs")).isEqualTo(COMPLIANT);
  }

  @Test
  void theDefaultGroupLetsOnlyItsMembersIn() {
    String lone =
        Networks.endpoint("logs").replace("SecurityGroupIds: [!GetAtt EndpointGroup.GroupId]", "");

    assertThat(new Case(lone).service("Isolated", "logs")).isEqualTo(VIOLATED);
    assertThat(new Case(lone).withoutGroups().service("Isolated", "logs")).isEqualTo(COMPLIANT);
  }

  @Test
  void aGroupThatLetsNothingOutReachesNothing() {
    String closed =
        Networks.VPC.replace(
            "GroupDescription: workload}",
            "GroupDescription: workload, SecurityGroupEgress:"
                + " [{IpProtocol: icmp, FromPort: 252, ToPort: 86, CidrIp: 255.255.255.255/32}]}");

    assertThat(Case.of(closed).internet("Private")).isEqualTo(VIOLATED);
    assertThat(Case.of(closed + Networks.endpoint("logs")).service("Isolated", "logs"))
        .isEqualTo(VIOLATED);
  }

  @Test
  void aGroupCanLetOutToTheEndpointsOnly() {
    String closed =
        Networks.VPC.replace(
            "GroupDescription: workload}",
            "GroupDescription: workload, SecurityGroupEgress:"
                + " [{IpProtocol: tcp, FromPort: 443, ToPort: 443,"
                + " DestinationSecurityGroupId: !GetAtt EndpointGroup.GroupId}]}");

    Case to = Case.of(closed + Networks.endpoint("logs") + Networks.S3);

    assertThat(to.service("Isolated", "logs")).isEqualTo(COMPLIANT);
    assertThat(to.internet("Private")).isEqualTo(VIOLATED);
    assertThat(to.service("Isolated", "s3")).as("has public addresses").isEqualTo(VIOLATED);
  }

  @Test
  void aGroupCanLetOutToAPrefixList() {
    String closed =
        Networks.VPC.replace(
            "GroupDescription: workload}",
            "GroupDescription: workload, SecurityGroupEgress:"
                + " [{IpProtocol: tcp, FromPort: 443, ToPort: 443,"
                + " DestinationPrefixListId: pl-63a5400a}]}");

    assertThat(Case.of(closed + Networks.S3).service("Isolated", "s3")).isEqualTo(COMPLIANT);
  }

  @Test
  void aGatewayEndpointServesTheTablesThatItNames() {
    Case gateway = new Case(Networks.S3);

    assertThat(gateway.service("Isolated", "s3")).isEqualTo(COMPLIANT);
    assertThat(gateway.service("Public", "s3")).isEqualTo(VIOLATED);
  }

  @Test
  void aGatewayEndpointInATableThatIsNotKnownCanServe() {
    String some = Networks.S3.replace("[!Ref IsolatedTable]", "[!Ref SomeTable]");

    assertThat(new Case(some).service("Isolated", "s3")).isEqualTo(UNDECIDED);
  }

  @Test
  void aVpcThatIsNotOfTheModelCanHaveAnyEndpoint() {
    String lone =
        """
          Lone:
            Type: AWS::EC2::Subnet
            Properties: {VpcId: vpc-0123456789abcdef0}
          LoneAssociation:
            Type: AWS::EC2::SubnetRouteTableAssociation
            Properties: {SubnetId: !Ref Lone, RouteTableId: !Ref IsolatedTable}
        """;

    assertThat(new Case(lone).internet("Lone")).isEqualTo(VIOLATED);
    assertThat(new Case(lone).service("Lone", "s3")).isEqualTo(UNDECIDED);
  }

  @Test
  void aRouteCanNameAnInternetGatewayByItsId() {
    String vpc = Networks.VPC.replace("GatewayId: !Ref Internet\n", "GatewayId: igw-1\n");
    String other = Networks.VPC.replace("GatewayId: !Ref Internet\n", "GatewayId: vgw-1\n");

    assertThat(Case.of(vpc).publicAddress(COMPLIANT).internet("Public")).isEqualTo(COMPLIANT);
    assertThat(Case.of(other).publicAddress(COMPLIANT).internet("Public")).isEqualTo(UNDECIDED);
  }

  @Test
  void aNatGatewayThatIsNotOfTheModelIsTakenToLeadOn() {
    String vpc = Networks.VPC.replace("NatGatewayId: !Ref Nat", "NatGatewayId: nat-1");

    assertThat(Case.of(vpc).internet("Private")).isEqualTo(COMPLIANT);
  }

  @Test
  void anAssociationOfASubnetThatIsNotKnownCanBeAnyTables() {
    String lone =
        """
          Lone:
            Type: AWS::EC2::Subnet
            Properties: {VpcId: !Ref Vpc}
          Association:
            Type: AWS::EC2::SubnetRouteTableAssociation
            Properties: {SubnetId: !Ref Given, RouteTableId: !Ref PublicTable}
        """;

    assertThat(new Case(lone).internet("Lone")).isEqualTo(UNDECIDED);
    assertThat(new Case(lone.replace("!Ref Given", "subnet-1")).internet("Lone"))
        .as("another one")
        .isEqualTo(VIOLATED);
  }

  @Test
  void aSubnetIsPublicWhenItHasARouteToAnInternetGateway() {
    assertThat(new Case("").isPublic("Public")).isEqualTo(COMPLIANT);
    assertThat(new Case("").isPublic("Private")).isEqualTo(VIOLATED);
    assertThat(new Case("").isPublic("Isolated")).isEqualTo(VIOLATED);
    assertThat(new Case("").isPublic("Vpc")).as("no subnet").isEqualTo(UNDECIDED);
    assertThat(
            Case.of(Networks.VPC.replace("GatewayId: !Ref Internet\n", "GatewayId: vgw-1\n"))
                .isPublic("Public"))
        .isEqualTo(UNDECIDED);
  }

  @Test
  void aRangeOfTheInternetCanHoldAServiceButAPrivateOneCannot() {
    assertThat(lettingOutTo("CidrIp: 0.0.0.0/0").internet("Private")).isEqualTo(COMPLIANT);
    assertThat(lettingOutTo("CidrIp: 52.0.0.0/8").internet("Private")).isEqualTo(UNDECIDED);
    assertThat(lettingOutTo("CidrIp: !Ref Given").internet("Private")).isEqualTo(UNDECIDED);
    for (String range : List.of("10.1.0.0/16", "172.16.0.0/16", "192.168.0.0/24")) {
      assertThat(lettingOutTo("CidrIp: " + range).internet("Private"))
          .as(range)
          .isEqualTo(VIOLATED);
    }
  }

  @Test
  void aRuleForWhatGoesOutCanStandBesideTheGroup() {
    String beside =
        """
          Out:
            Type: AWS::EC2::SecurityGroupEgress
            Properties: {GroupId: %s, IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0}
        """;
    String closed = closed("CidrIp: 10.1.0.0/16");

    assertThat(Case.of(closed + beside.formatted("!Ref WorkloadGroup")).internet("Private"))
        .isEqualTo(COMPLIANT);
    assertThat(Case.of(closed + beside.formatted("!Ref Given")).internet("Private"))
        .as("it may be the group's")
        .isEqualTo(UNDECIDED);
    assertThat(Case.of(closed + beside.formatted("sg-0123456789abcdef0")).internet("Private"))
        .as("it is another one's")
        .isEqualTo(VIOLATED);
    assertThat(Case.of(closed + beside.formatted("!Ref EndpointGroup")).internet("Private"))
        .as("it is another one's")
        .isEqualTo(VIOLATED);
  }

  @Test
  void anEndpointIsReachedByItsGroupOrItsRange() {
    for (Map.Entry<String, Verdict> each :
        Map.of(
                "CidrIp: 10.0.0.0/16", COMPLIANT,
                "CidrIp: 10.9.0.0/16", VIOLATED,
                "CidrIp: !Ref Given", UNDECIDED,
                "DestinationSecurityGroupId: !Ref EndpointGroup", COMPLIANT,
                "DestinationSecurityGroupId: !Ref WorkloadGroup", VIOLATED,
                "DestinationSecurityGroupId: sg-0123456789abcdef0", UNDECIDED)
            .entrySet()) {
      assertThat(
              Case.of(closed(each.getKey()) + Networks.endpoint("logs"))
                  .service("Isolated", "logs"))
          .as(each.getKey())
          .isEqualTo(each.getValue());
    }
  }

  private static Case lettingOutTo(String destination) {
    return Case.of(closed(destination));
  }

  /** The network, where the workload's group lets HTTPS out to one destination only. */
  private static String closed(String destination) {
    return Networks.VPC.replace(
        "GroupDescription: workload}",
        "GroupDescription: workload, SecurityGroupEgress:"
            + " [{IpProtocol: tcp, FromPort: 443, ToPort: 443, "
            + destination
            + "}]}");
  }

  @Test
  void valuesOfAnotherKindThrowNothing() {
    String odd =
        """
          Odd:
            Type: AWS::EC2::Route
            Properties: {RouteTableId: [1], DestinationCidrBlock: {a: b}, GatewayId: 7}
          OddEndpoint:
            Type: AWS::EC2::VPCEndpoint
            Properties: {VpcId: [1], ServiceName: {a: b}, SecurityGroupIds: 3, RouteTableIds: x}
        """;

    assertThat(new Case(odd).service("Isolated", "s3")).isNotNull();
  }

  /** A workload with the group {@code WorkloadGroup} in a network. */
  private record Case(Inspection inspection, List<Value> groups, Optional<Verdict> address) {
    Case(String more) {
      this(inspect(Networks.VPC + more), group(), Optional.empty());
    }

    static Case of(String template) {
      return new Case(inspect(template), group(), Optional.empty());
    }

    private static Inspection inspect(String template) {
      return new Inspection(Models.parse("test.yaml", template), Map.of());
    }

    private static List<Value> group() {
      return List.of(new Value.GetAtt("WorkloadGroup", "GroupId"));
    }

    Case publicAddress(Verdict given) {
      return new Case(inspection, groups, Optional.of(given));
    }

    Case withoutGroups() {
      return new Case(inspection, List.of(), address);
    }

    Verdict internet(String subnet) {
      return internet(new Value.Ref(subnet));
    }

    Verdict internet(Value subnet) {
      return Reach.of(inspection).internet(placement(subnet), resolved(subnet));
    }

    Verdict service(String subnet, String service) {
      return service(new Value.Ref(subnet), service);
    }

    Verdict service(Value subnet, String service) {
      return Reach.of(inspection).service(placement(subnet), resolved(subnet), service);
    }

    Verdict isPublic(String subnet) {
      return Reach.of(inspection).isPublic(resolved(new Value.Ref(subnet)));
    }

    private Placement placement(Value subnet) {
      return new Placement(
          List.of(resolved(subnet)), groups.stream().map(this::resolved).toList(), address, "");
    }

    private Value resolved(Value value) {
      return inspection.model().contextOf("test").resolve(value);
    }
  }
}
