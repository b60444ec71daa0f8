package dev.mlinfra.policy.internal.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import dev.mlinfra.template.Model;
import dev.mlinfra.template.Models;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenPortTest {
  private static final String IN = "SecurityGroupIngress[0].CidrIp";

  @Test
  void compliantWhenOnlyNamedAddressesComeIn() {
    assertThat(check("{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 10.0.0.0/8}"))
        .containsExactly("COMPLIANT Group " + IN);
    assertThat(check("{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: !GetAtt Vpc.CidrBlock}"))
        .containsExactly("COMPLIANT Group " + IN);
    assertThat(check("{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: !Sub '${Mine}/32'}"))
        .containsExactly("COMPLIANT Group " + IN);
  }

  @Test
  void compliantWhenAGroupComesIn() {
    assertThat(check("{IpProtocol: -1, SourceSecurityGroupId: !GetAtt Group.GroupId}"))
        .containsExactly("COMPLIANT Group SecurityGroupIngress[0]");
  }

  @Test
  void compliantForTheWebPortsOfALoadBalancer() {
    String balancer =
        """
          Balancer:
            Type: AWS::ElasticLoadBalancingV2::LoadBalancer
            Properties: {SecurityGroups: [!GetAtt Group.GroupId]}
        """;

    assertThat(check(open("443", "443"), balancer)).containsExactly("COMPLIANT Group " + IN);
    assertThat(check(open("'80'", "'80'"), balancer)).containsExactly("COMPLIANT Group " + IN);
    assertThat(check(open("80", "443"), balancer))
        .containsExactly("VIOLATED Group " + IN + ": lets everyone in on ports 80 to 443");
    assertThat(check(open("8080", "8080"), balancer))
        .containsExactly("VIOLATED Group " + IN + ": lets everyone in on port 8080");
  }

  @Test
  void compliantForMessagesWithoutPorts() {
    assertThat(check("{IpProtocol: icmp, FromPort: 8, ToPort: -1, CidrIp: 0.0.0.0/0}"))
        .containsExactly("COMPLIANT Group " + IN);
  }

  @Test
  void violatedByOpenShells() {
    assertThat(check(open("22", "22")))
        .containsExactly("VIOLATED Group " + IN + ": lets everyone in on port 22 (SSH)");
    assertThat(check(open("'20'", "'30'")))
        .containsExactly("VIOLATED Group " + IN + ": lets everyone in on port 22 (SSH)");
    assertThat(check(open("3389", "3389")))
        .containsExactly(
            "VIOLATED Group " + IN + ": lets everyone in on port 3389 (remote desktop)");
    assertThat(check("{IpProtocol: '6', FromPort: 22, ToPort: 22, CidrIp: 192.168.1.0/0}"))
        .containsExactly("VIOLATED Group " + IN + ": lets everyone in on port 22 (SSH)");
  }

  @Test
  void violatedByEveryPort() {
    assertThat(check("{IpProtocol: -1, CidrIp: 0.0.0.0/0}"))
        .containsExactly("VIOLATED Group " + IN + ": lets everyone in on every port");
    assertThat(check(open("0", "65535")))
        .containsExactly("VIOLATED Group " + IN + ": lets everyone in on every port");
  }

  @Test
  void violatedByIpv6() {
    assertThat(check("{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIpv6: '::/0'}"))
        .containsExactly(
            "VIOLATED Group SecurityGroupIngress[0].CidrIpv6: lets everyone in on port 22 (SSH)");
  }

  /** Two halves are a whole. */
  @Test
  void violatedByALargePartOfTheInternet() {
    assertThat(check("{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/1}"))
        .containsExactly("VIOLATED Group " + IN + ": lets everyone in on port 22 (SSH)");
    assertThat(check("{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 10.0.0.0/8}"))
        .containsExactly("COMPLIANT Group " + IN);
  }

  @Test
  void undecidedWhenNothingInTheModelHasTheGroup() {
    assertThat(check(open("443", "443")))
        .containsExactly("UNDECIDED Group " + IN + ": perhaps lets everyone in on port 443");
  }

  @Test
  void violatedByTheWebPortsOfAMachine() {
    assertThat(
            check(
                open("443", "443"),
                """
                  Instance:
                    Type: AWS::EC2::Instance
                    Properties: {SecurityGroupIds: [!GetAtt Group.GroupId]}
                """))
        .containsExactly("VIOLATED Group " + IN + ": lets everyone in on port 443");
  }

  @Test
  void violatedByARuleBesideTheGroup() {
    assertThat(
            check(
                "{IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 10.0.0.0/8}",
                """
                  Beside:
                    Type: AWS::EC2::SecurityGroupIngress
                    Properties:
                      {GroupId: !Ref Group, IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0}
                """))
        .containsExactly(
            "COMPLIANT Group " + IN, "VIOLATED Beside CidrIp: lets everyone in on port 22 (SSH)");
  }

  @Test
  void undecidedWhenTheAddressIsGiven() {
    assertThat(check("{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: !Ref From}"))
        .containsExactly(
            "UNDECIDED Group "
                + IN
                + ": whether port 22 (SSH) is open to everyone is known only when deployed");
  }

  @Test
  void undecidedWhenThePortIsGiven() {
    assertThat(check(open("!Ref Port", "!Ref Port")))
        .containsExactly("UNDECIDED Group " + IN + ": perhaps lets everyone in on its port");
    assertThat(
            check(
                open("!Ref Port", "!Ref Port"),
                """
                  Balancer:
                    Type: AWS::ElasticLoadBalancing::LoadBalancer
                    Properties: {SecurityGroups: [!GetAtt Group.GroupId]}
                """))
        .containsExactly("UNDECIDED Group " + IN + ": perhaps lets everyone in on its port");
  }

  @Test
  void undecidedWhenTheRuleIsNotWritten() {
    assertThat(check("!Ref Rule"))
        .containsExactly(
            "UNDECIDED Group SecurityGroupIngress[0]: the rule is known only when deployed");
  }

  @Test
  void notApplicableToAGroupThatNobodyEnters() {
    assertThat(
            Checks.of(
                new OpenPort(),
                """
                Resources:
                  Group:
                    Type: AWS::EC2::SecurityGroup
                    Properties: {SecurityGroupEgress: [{IpProtocol: -1, CidrIp: 0.0.0.0/0}]}
                """))
        .isEmpty();
  }

  @Test
  void theFixForAShellIsToOpenItInAnotherWay() {
    String shell = "take the rule out and open shells with Session Manager";
    String port = "name the port, and the addresses or the security group that may come in";

    assertThat(fixes(open("22", "22"))).containsExactly(shell);
    assertThat(fixes(open("3389", "3389"))).containsExactly(shell);
    assertThat(fixes(open("8080", "8080"))).containsExactly(port);
    assertThat(fixes(open("0", "65535"))).containsExactly(port);
  }

  @Test
  void compliantForAnAddressAndForTheRangeOfAVpc() {
    assertThat(check("{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 203.0.113.7}"))
        .containsExactly("COMPLIANT Group " + IN);
    assertThat(check("{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: !GetAtt Custom.Range}"))
        .containsExactly(
            "UNDECIDED Group "
                + IN
                + ": whether port 22 (SSH) is open to everyone is known only when deployed");
  }

  @Test
  void undecidedWhenTheEndOfTheAddressIsGiven() {
    assertThat(check("{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: !Sub '${From}0'}"))
        .containsExactly(
            "UNDECIDED Group "
                + IN
                + ": whether port 22 (SSH) is open to everyone is known only when deployed");
  }

  private static List<String> fixes(String rule) {
    return Checks.fixes(new OpenPort(), model(rule));
  }

  private static String open(String from, String to) {
    return "{IpProtocol: tcp, FromPort: " + from + ", ToPort: " + to + ", CidrIp: 0.0.0.0/0}";
  }

  private static List<String> check(String rule, String... more) {
    return Checks.of(new OpenPort(), model(rule, more));
  }

  private static Model model(String rule, String... more) {
    return Models.parse(
        "test.yaml",
        """
        Resources:
          Vpc:
            Type: AWS::EC2::VPC
          Group:
            Type: AWS::EC2::SecurityGroup
            Properties:
              SecurityGroupIngress:
                - %s
        """
                .formatted(rule)
            + String.join("", more));
  }
}
