package dev.mlinfra.aws;

import static dev.mlinfra.testkit.CdkAssertions.assertThatTemplate;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mlinfra.aws.internal.AddressPlan;
import dev.mlinfra.aws.internal.NetworkEndpoints;
import dev.mlinfra.core.NetworkSettings.Egress;
import dev.mlinfra.core.ValidationException;
import dev.mlinfra.cost.Estimator;
import dev.mlinfra.testkit.CdkModels;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awscdk.services.ec2.ISubnet;
import software.amazon.awscdk.services.logs.RetentionDays;
import tools.jackson.databind.JsonNode;

class MlNetworkTest {
  private static final List<String> ZONES = List.of("us-east-1a", "us-east-1b");

  private final TestStack stack = new TestStack();

  @Nested
  class ByDefault {
    private final MlNetwork network = network(MlNetworkProps.builder());

    @Test
    void isPublicSubnetsThatNothingComesInto() {
      assertThat(stack.resources("AWS::EC2::Subnet").values())
          .hasSize(2)
          .allSatisfy(
              subnet ->
                  assertThat(subnet.at("/Properties/MapPublicIpOnLaunch").asBoolean()).isTrue())
          .extracting(subnet -> subnet.at("/Properties/AvailabilityZone").asString())
          .containsExactly("us-east-1a", "us-east-1b");
      assertThat(stack.properties("AWS::EC2::VPC").path("CidrBlock").asString())
          .isEqualTo("10.20.0.0/16");
      assertThat(stack.types())
          .containsExactly(
              "AWS::EC2::InternetGateway",
              "AWS::EC2::Route",
              "AWS::EC2::RouteTable",
              "AWS::EC2::Subnet",
              "AWS::EC2::SubnetRouteTableAssociation",
              "AWS::EC2::VPC",
              "AWS::EC2::VPCEndpoint",
              "AWS::EC2::VPCGatewayAttachment");
      assertThat(network.isPublicIp()).isTrue();
      assertThat(network.getSubnets()).hasSize(2);
      assertThat(network.getEndpoints()).isEmpty();
      assertThat(network.getFlowLogs()).isEmpty();
    }

    @Test
    void letsThroughToItsOwnBucketsImageLayersAndPackages() {
      JsonNode endpoint = stack.properties("AWS::EC2::VPCEndpoint");
      assertThat(endpoint.path("VpcEndpointType").asString()).isEqualTo("Gateway");
      assertThat(endpoint.path("RouteTableIds")).hasSize(2);
      assertThat(TestStack.shown(endpoint.at("/PolicyDocument/Statement")))
          .isEqualTo(
              TestStack.json(
                  """
                  [
                    {
                      "Sid": "OwnBuckets", "Effect": "Allow", "Principal": {"AWS": "*"},
                      "Action": "s3:*", "Resource": "*",
                      "Condition": {"StringEquals": {"aws:ResourceAccount": "123456789012"}}
                    },
                    {
                      "Sid": "ImageLayers", "Effect": "Allow", "Principal": {"AWS": "*"},
                      "Action": "s3:GetObject",
                      "Resource": "arn:aws:s3:::prod-us-east-1-starport-layer-bucket/*"
                    },
                    {
                      "Sid": "AmazonLinux", "Effect": "Allow", "Principal": {"AWS": "*"},
                      "Action": "s3:GetObject",
                      "Resource": "arn:aws:s3:::al2023-repos-us-east-1-de612dc2/*"
                    }
                  ]
                  """));
    }

    @Test
    void needsNothingMore() {
      network.require(EnumSet.allOf(NetworkNeed.class));

      assertThat(stack.resources("AWS::EC2::VPCEndpoint")).hasSize(1);
    }
  }

  @Test
  void natLeadsOutOfPrivateSubnets() {
    MlNetwork network = network(MlNetworkProps.builder().egress(Egress.NAT));

    assertThat(stack.resources("AWS::EC2::NatGateway")).hasSize(1);
    assertThat(stack.resources("AWS::EC2::Subnet").values())
        .hasSize(3)
        .noneMatch(subnet -> subnet.at("/Properties/MapPublicIpOnLaunch").asBoolean());
    assertThat(network.getSubnets()).hasSize(2);
    assertThat(network.isPublicIp()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "10.20.0.0/16, 10.20.0.0/19, 10.20.32.0/19, 10.20.224.0/28, 10.20.224.16/28",
    "172.16.4.0/22, 172.16.4.0/25, 172.16.4.128/25, 172.16.7.128/28, 172.16.7.144/28"
  })
  void sharesOutItsAddresses(String cidr, String one, String two, String nat, String otherNat) {
    AddressPlan plan = AddressPlan.of(cidr);

    assertThat(plan.workloads(0)).isEqualTo(one);
    assertThat(plan.workloads(1)).isEqualTo(two);
    assertThat(plan.nat(0)).isEqualTo(nat);
    assertThat(plan.nat(1)).isEqualTo(otherNat);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "10.20.0.0", "10.20.0.0/15", "10.20.0.0/23", "10.20.1.0/16", "10.20.0/16"})
  void aRangeIsAlignedAndHasRoom(String cidr) {
    assertThat(AddressPlan.isRange(cidr)).isFalse();
  }

  @Test
  void natTakesAGatewayInEachZone() {
    network(MlNetworkProps.builder().egress(Egress.NAT).natGateways(2));

    assertThat(stack.resources("AWS::EC2::NatGateway")).hasSize(2);
  }

  @Test
  void endpointsAreThoseOfTheNeeds() {
    MlNetwork network =
        network(
            MlNetworkProps.builder()
                .egress(Egress.ENDPOINTS)
                .addNeeds(NetworkNeed.FARGATE_TASKS)
                .cidr("172.16.0.0/20"));
    network.require(Set.of(NetworkNeed.FARGATE_TASKS, NetworkNeed.SECRETS));

    assertThat(network.getEndpoints().keySet())
        .containsExactly("ecr.api", "ecr.dkr", "logs", "secretsmanager");
    assertThat(stack.resources("AWS::EC2::VPCEndpoint").values())
        .filteredOn(it -> it.at("/Properties/VpcEndpointType").asString().equals("Interface"))
        .hasSize(4)
        .allSatisfy(
            it -> {
              assertThat(it.at("/Properties/PrivateDnsEnabled").asBoolean()).isTrue();
              assertThat(it.at("/Properties/SubnetIds")).hasSize(2);
            });
    assertThat(stack.types()).doesNotContain("AWS::EC2::InternetGateway", "AWS::EC2::NatGateway");
    JsonNode group = stack.properties("AWS::EC2::SecurityGroup");
    assertThat(group.path("SecurityGroupIngress")).hasSize(1);
    assertThat(group.at("/SecurityGroupIngress/0/FromPort").asInt()).isEqualTo(443);
    assertThat(group.at("/SecurityGroupIngress/0/ToPort").asInt()).isEqualTo(443);
  }

  @ParameterizedTest
  @EnumSource
  void everyNeedHasEndpoints(NetworkNeed need) {
    assertThat(NetworkEndpoints.of(Set.of(need)))
        .isNotEmpty()
        .allMatch(service -> service.matches("[a-z0-9-]+(\\.[a-z]+)?"));
  }

  @Test
  void readsBucketsOfOthers() {
    network(MlNetworkProps.builder().addReadableBuckets("open-data"));

    JsonNode statement =
        stack.properties("AWS::EC2::VPCEndpoint").at("/PolicyDocument/Statement/3");
    assertThat(TestStack.texts(statement.path("Action")))
        .containsExactly("s3:GetObject", "s3:ListBucket");
    assertThat(TestStack.show(statement.path("Resource")))
        .isEqualTo("arn:aws:s3:::open-data, arn:aws:s3:::open-data/*");
  }

  @Test
  void logsItsTraffic() {
    MlNetwork network =
        network(MlNetworkProps.builder().flowLogs(true).flowLogRetention(RetentionDays.ONE_WEEK));

    assertThat(network.getFlowLogs()).isPresent();
    assertThat(stack.properties("AWS::Logs::LogGroup").path("RetentionInDays").asInt())
        .isEqualTo(7);
    assertThat(stack.properties("AWS::EC2::FlowLog").path("TrafficType").asString())
        .isEqualTo("ALL");
    assertThat(stack.actions())
        .containsExactly("logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents");
  }

  @ParameterizedTest
  @EnumSource(names = "EXISTING", mode = EnumSource.Mode.EXCLUDE)
  void passesTheGate(Egress egress) {
    MlNetwork network = network(MlNetworkProps.builder().egress(egress).flowLogs(true));
    network.require(EnumSet.allOf(NetworkNeed.class));

    assertThatTemplate(stack.tagged("network").scope()).passesGate();
  }

  /** What docs/how-to/training.md says: three zones, a fleet and tasks with secrets, all idle. */
  @ParameterizedTest
  @CsvSource({
    "PUBLIC_IP, SECRETS, 0",
    "NAT, SECRETS, 32.85",
    "ENDPOINTS, , 131.40",
    "ENDPOINTS, SECRETS, 153.30",
    "ENDPOINTS, SECRETS PARAMETERS, 175.20",
    "ENDPOINTS, SECRETS PARAMETERS METRICS, 197.10"
  })
  void costsEachMonthWhileNothingRuns(Egress egress, String more, double usd) {
    MlNetwork network =
        new MlNetwork(
            stack.scope(),
            "Network",
            MlNetworkProps.builder()
                .addAvailabilityZones("us-east-1a", "us-east-1b", "us-east-1c")
                .egress(egress)
                .build());
    network.require(Set.of(NetworkNeed.FARGATE_TASKS, NetworkNeed.BATCH_INSTANCES));
    Stream.ofNullable(more)
        .flatMap(needs -> Stream.of(needs.split(" ")))
        .forEach(need -> network.require(Set.of(NetworkNeed.valueOf(need))));
    double hours =
        Estimator.standard().estimate(CdkModels.of(stack.scope())).get(0).items().stream()
            .filter(item -> item.what().equals("hours"))
            .mapToDouble(item -> item.expected().usd().high())
            .sum();

    assertThat(hours).isCloseTo(usd, within(0.005));
  }

  @Test
  void takesAVpcThatExists() {
    IMlNetwork network = existing(false);
    network.require(EnumSet.allOf(NetworkNeed.class));

    assertThat(network.getVpc().getVpcId()).isEqualTo("vpc-0123456789abcdef0");
    assertThat(network.getSubnets())
        .extracting(ISubnet::getSubnetId)
        .containsExactly("subnet-0123456789abcdef0", "subnet-0123456789abcdef1");
    assertThat(network.isPublicIp()).isFalse();
    assertThat(stack.types()).isEmpty();
  }

  @Test
  void takesPublicSubnetsThatExist() {
    assertThat(existing(true).isPublicIp()).isTrue();
    assertThat(existing(true).getSubnets()).hasSize(2);
  }

  @Test
  void refusesEverythingThatIsWrongAtOnce() {
    assertThatThrownBy(
            () ->
                new MlNetwork(
                    stack.scope(),
                    "Network",
                    MlNetworkProps.builder()
                        .addAvailabilityZones("us-east-1", "us-east-1a", "us-east-1a")
                        .egress(Egress.EXISTING)
                        .cidr("10.0.0.0/8")
                        .natGateways(4)
                        .addNeeds(NetworkNeed.KEYS)
                        .addReadableBuckets("open-*")
                        .build()))
        .isInstanceOf(ValidationException.class)
        .hasMessageStartingWith("MlNetwork 'Test/Network' has 7 problems")
        .hasMessageContainingAll(
            "availabilityZones: given [us-east-1, us-east-1a, us-east-1a]; allowed: each zone once;"
                + " fix: remove the double",
            "availabilityZones: given 'us-east-1'; allowed: zones such as us-east-1a",
            "cidr: given '10.0.0.0/8'; allowed: a range of /16 to /22 that begins at its first"
                + " address; fix: such as 10.20.0.0/16",
            "egress: given EXISTING; allowed: PUBLIC_IP, NAT or ENDPOINTS;"
                + " fix: use MlNetwork.fromExisting for a VPC that exists",
            "natGateways: given 4; allowed: 1 to 3, the number of zones",
            "needs: given with egress EXISTING; allowed: needs with egress ENDPOINTS;"
                + " fix: leave needs out: there is another way to everything",
            "readableBuckets: given 'open-*'; allowed: names of buckets, without *");
  }

  @Test
  void refusesNoZonesAndAddressesThatAreNone() {
    assertThatThrownBy(
            () ->
                new MlNetwork(
                    stack.scope(),
                    "Network",
                    MlNetworkProps.builder().cidr("300.0.0.0/16").build()))
        .hasMessageContainingAll(
            "availabilityZones: given 0 zones; allowed: 1 to 6;"
                + " fix: name the zones to use, such as us-east-1a",
            "cidr: given '300.0.0.0/16'");
  }

  @Test
  void refusesAVpcThatIsNone() {
    assertThatThrownBy(
            () ->
                MlNetwork.fromExisting(
                    stack.scope(),
                    "Network",
                    ExistingNetworkProps.builder()
                        .vpcId("main")
                        .addAvailabilityZones("us-east-1a")
                        .addSubnetIds("a", "subnet-0123456789abcdef0")
                        .build()))
        .isInstanceOf(ValidationException.class)
        .hasMessageStartingWith("MlNetwork 'Test/Network' has 3 problems")
        .hasMessageContainingAll(
            "vpcId: given 'main'; allowed: an id such as vpc-0123456789abcdef0",
            "subnetIds: given 'a'; allowed: ids such as subnet-0123456789abcdef0",
            "subnetIds: given 2 subnets; allowed: one for each of the 1 zones;"
                + " fix: list subnets and zones in the same order");
  }

  private MlNetwork network(MlNetworkProps.Builder props) {
    return new MlNetwork(stack.scope(), "Network", props.availabilityZones(ZONES).build());
  }

  private IMlNetwork existing(boolean publicIp) {
    return MlNetwork.fromExisting(
        stack.scope(),
        publicIp ? "Public" + stack.scope().getNode().getChildren().size() : "Private",
        ExistingNetworkProps.builder()
            .vpcId("vpc-0123456789abcdef0")
            .availabilityZones(ZONES)
            .addSubnetIds("subnet-0123456789abcdef0", "subnet-0123456789abcdef1")
            .publicIp(publicIp)
            .build());
  }
}
