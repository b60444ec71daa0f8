package dev.mlinfra.aws;

import dev.mlinfra.aws.internal.AddressPlan;
import dev.mlinfra.aws.internal.NetworkEndpoints;
import dev.mlinfra.aws.internal.NetworkRules;
import dev.mlinfra.aws.internal.ServiceTrust;
import dev.mlinfra.aws.internal.Statement;
import dev.mlinfra.core.NetworkSettings.Egress;
import dev.mlinfra.core.ValidationException;
import dev.mlinfra.cost.EgressChoice;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import software.amazon.awscdk.CfnTag;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.ec2.CfnEIP;
import software.amazon.awscdk.services.ec2.CfnFlowLog;
import software.amazon.awscdk.services.ec2.CfnInternetGateway;
import software.amazon.awscdk.services.ec2.CfnNatGateway;
import software.amazon.awscdk.services.ec2.CfnRoute;
import software.amazon.awscdk.services.ec2.CfnRouteTable;
import software.amazon.awscdk.services.ec2.CfnSubnet;
import software.amazon.awscdk.services.ec2.CfnSubnetRouteTableAssociation;
import software.amazon.awscdk.services.ec2.CfnVPC;
import software.amazon.awscdk.services.ec2.CfnVPCGatewayAttachment;
import software.amazon.awscdk.services.ec2.GatewayVpcEndpoint;
import software.amazon.awscdk.services.ec2.GatewayVpcEndpointAwsService;
import software.amazon.awscdk.services.ec2.IGatewayVpcEndpoint;
import software.amazon.awscdk.services.ec2.IInterfaceVpcEndpoint;
import software.amazon.awscdk.services.ec2.ISecurityGroup;
import software.amazon.awscdk.services.ec2.ISubnet;
import software.amazon.awscdk.services.ec2.IVpc;
import software.amazon.awscdk.services.ec2.InterfaceVpcEndpoint;
import software.amazon.awscdk.services.ec2.InterfaceVpcEndpointAwsService;
import software.amazon.awscdk.services.ec2.Peer;
import software.amazon.awscdk.services.ec2.Port;
import software.amazon.awscdk.services.ec2.SecurityGroup;
import software.amazon.awscdk.services.ec2.SubnetSelection;
import software.amazon.awscdk.services.ec2.Vpc;
import software.amazon.awscdk.services.ec2.VpcAttributes;
import software.amazon.awscdk.services.iam.AnyPrincipal;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.logs.ILogGroup;
import software.amazon.awscdk.services.logs.LogGroup;
import software.constructs.Construct;

/**
 * A VPC for workloads that nothing comes into: a subnet in each zone, a way out, and an endpoint of
 * S3, at no cost, through which the account's own buckets can be reached and few others.
 */
public final class MlNetwork extends Construct implements IMlNetwork {
  private final Egress egress;
  private final int zones;
  private final int natGateways;
  private final SortedSet<NetworkNeed> needs = new TreeSet<>();
  private final CfnVPC resource;
  private final List<CfnSubnet> workloadSubnets = new ArrayList<>();
  private final List<CfnRouteTable> workloadTables = new ArrayList<>();
  private final IVpc vpc;
  private final List<ISubnet> subnets;
  private final IGatewayVpcEndpoint s3Endpoint;
  private final SortedMap<String, IInterfaceVpcEndpoint> endpoints = new TreeMap<>();
  private final Optional<ILogGroup> flowLogs;
  private ISecurityGroup endpointGroup;
  private CfnVPCGatewayAttachment attachment;

  /**
   * A network.
   *
   * @throws ValidationException with every problem of the properties
   */
  public MlNetwork(Construct scope, String id, MlNetworkProps props) {
    super(scope, id);
    ValidationException.throwIfAny(
        "MlNetwork '" + getNode().getPath() + "'", NetworkRules.problems(props));

    egress = props.getEgress();
    zones = props.getAvailabilityZones().size();
    natGateways = props.getNatGateways();
    resource =
        CfnVPC.Builder.create(this, "Resource")
            .cidrBlock(props.getCidr())
            .enableDnsHostnames(true)
            .enableDnsSupport(true)
            .tags(name(""))
            .build();
    subnets(props);
    vpc = asVpc(props);
    subnets = egress == Egress.PUBLIC_IP ? vpc.getPublicSubnets() : vpc.getPrivateSubnets();
    s3Endpoint = s3Endpoint(props);
    require(props.getNeeds());
    flowLogs = props.isFlowLogs() ? Optional.of(flowLogs(props)) : Optional.empty();
  }

  /**
   * A VPC that exists, by ids: nothing is looked up, and nothing is made in it.
   *
   * @throws ValidationException with every problem of the properties
   */
  public static IMlNetwork fromExisting(Construct scope, String id, ExistingNetworkProps props) {
    ValidationException.throwIfAny(
        "MlNetwork '" + scope.getNode().getPath() + "/" + id + "'", NetworkRules.existing(props));
    VpcAttributes.Builder attributes =
        VpcAttributes.builder()
            .vpcId(props.getVpcId())
            .availabilityZones(props.getAvailabilityZones());
    if (props.isPublicIp()) {
      attributes.publicSubnetIds(props.getSubnetIds());
    } else {
      attributes.privateSubnetIds(props.getSubnetIds());
    }
    IVpc vpc = Vpc.fromVpcAttributes(scope, id, attributes.build());
    return new Existing(
        vpc,
        props.isPublicIp() ? vpc.getPublicSubnets() : vpc.getPrivateSubnets(),
        props.isPublicIp());
  }

  @Override
  public IVpc getVpc() {
    return vpc;
  }

  @Override
  public List<ISubnet> getSubnets() {
    return subnets;
  }

  @Override
  public boolean isPublicIp() {
    return egress == Egress.PUBLIC_IP;
  }

  @Override
  public void require(Collection<NetworkNeed> more) {
    needs.addAll(more);
    resource.addMetadata(EgressChoice.METADATA, waysOut());
    if (egress == Egress.ENDPOINTS) {
      for (String service : NetworkEndpoints.of(more)) {
        endpoints.computeIfAbsent(service, this::endpoint);
      }
    }
  }

  /** By this the other ways out are priced, too. */
  private Map<String, Object> waysOut() {
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("egress", egress.word());
    metadata.put("zones", zones);
    metadata.put("natGateways", natGateways);
    metadata.put("endpoints", List.copyOf(NetworkEndpoints.of(needs)));
    return metadata;
  }

  /** The endpoint of S3. */
  public IGatewayVpcEndpoint getS3Endpoint() {
    return s3Endpoint;
  }

  /** The other endpoints, by the name of their service, such as {@code ecr.api}. */
  public SortedMap<String, IInterfaceVpcEndpoint> getEndpoints() {
    return new TreeMap<>(endpoints);
  }

  /** The group of the traffic's logs; empty when it is not logged. */
  public Optional<ILogGroup> getFlowLogs() {
    return flowLogs;
  }

  /**
   * In resources of our own: the CDK's VPC looks up the zones of the account even when they are
   * named.
   */
  private void subnets(MlNetworkProps props) {
    AddressPlan plan = AddressPlan.of(props.getCidr());
    Optional<CfnInternetGateway> internet =
        egress == Egress.ENDPOINTS ? Optional.empty() : Optional.of(internet());
    List<CfnNatGateway> gateways = new ArrayList<>();
    for (int zone = 0; egress == Egress.NAT && zone < props.getNatGateways(); zone++) {
      String id = "Nat" + (zone + 1);
      CfnSubnet subnet = subnet(id, plan.nat(zone), props.getAvailabilityZones().get(zone), false);
      CfnRoute out = route(id, routeTable(id, subnet));
      out.setGatewayId(internet.orElseThrow().getRef());
      gateways.add(natGateway(id, subnet, out));
    }
    for (int zone = 0; zone < props.getAvailabilityZones().size(); zone++) {
      String id = "Workloads" + (zone + 1);
      CfnSubnet subnet =
          subnet(
              id,
              plan.workloads(zone),
              props.getAvailabilityZones().get(zone),
              egress == Egress.PUBLIC_IP);
      CfnRouteTable table = routeTable(id, subnet);
      if (egress == Egress.NAT) {
        // A zone without a gateway goes through that of another one.
        route(id, table).setNatGatewayId(gateways.get(zone % gateways.size()).getRef());
      } else if (egress == Egress.PUBLIC_IP) {
        route(id, table).setGatewayId(internet.orElseThrow().getRef());
      }
      workloadSubnets.add(subnet);
      workloadTables.add(table);
    }
  }

  private CfnInternetGateway internet() {
    CfnInternetGateway gateway =
        CfnInternetGateway.Builder.create(this, "Internet").tags(name("")).build();
    attachment =
        CfnVPCGatewayAttachment.Builder.create(this, "InternetAttachment")
            .vpcId(resource.getRef())
            .internetGatewayId(gateway.getRef())
            .build();
    return gateway;
  }

  private CfnSubnet subnet(String id, String cidr, String zone, boolean publicAddresses) {
    return CfnSubnet.Builder.create(this, id)
        .vpcId(resource.getRef())
        .cidrBlock(cidr)
        .availabilityZone(zone)
        .mapPublicIpOnLaunch(publicAddresses)
        .tags(name(id))
        .build();
  }

  private CfnRouteTable routeTable(String id, CfnSubnet subnet) {
    CfnRouteTable table =
        CfnRouteTable.Builder.create(this, id + "Routes")
            .vpcId(resource.getRef())
            .tags(name(id))
            .build();
    CfnSubnetRouteTableAssociation.Builder.create(this, id + "RoutesOfSubnet")
        .subnetId(subnet.getRef())
        .routeTableId(table.getRef())
        .build();
    return table;
  }

  private CfnRoute route(String id, CfnRouteTable table) {
    CfnRoute route =
        CfnRoute.Builder.create(this, id + "Out")
            .routeTableId(table.getRef())
            .destinationCidrBlock("0.0.0.0/0")
            .build();
    // CloudFormation does not see that a route needs the gateway to be attached.
    route.addDependency(attachment);
    return route;
  }

  private CfnNatGateway natGateway(String id, CfnSubnet subnet, CfnRoute out) {
    CfnEIP address =
        CfnEIP.Builder.create(this, id + "Address").domain("vpc").tags(name(id)).build();
    CfnNatGateway gateway =
        CfnNatGateway.Builder.create(this, id + "Gateway")
            .subnetId(subnet.getRef())
            .allocationId(address.getAttrAllocationId())
            .tags(name(id))
            .build();
    gateway.addDependency(out);
    return gateway;
  }

  private IVpc asVpc(MlNetworkProps props) {
    List<String> ids = workloadSubnets.stream().map(CfnSubnet::getRef).toList();
    List<String> tables = workloadTables.stream().map(CfnRouteTable::getRef).toList();
    VpcAttributes.Builder attributes =
        VpcAttributes.builder()
            .vpcId(resource.getRef())
            .vpcCidrBlock(resource.getAttrCidrBlock())
            .availabilityZones(props.getAvailabilityZones());
    if (egress == Egress.PUBLIC_IP) {
      attributes.publicSubnetIds(ids).publicSubnetRouteTableIds(tables);
    } else {
      attributes.privateSubnetIds(ids).privateSubnetRouteTableIds(tables);
    }
    return Vpc.fromVpcAttributes(this, "Vpc", attributes.build());
  }

  private List<CfnTag> name(String part) {
    String path = getNode().getPath() + (part.isEmpty() ? "" : "/" + part);
    return List.of(CfnTag.builder().key("Name").value(path).build());
  }

  private GatewayVpcEndpoint s3Endpoint(MlNetworkProps props) {
    Stack stack = Stack.of(this);
    String s3 = "arn:" + stack.getPartition() + ":s3:::";
    GatewayVpcEndpoint endpoint =
        GatewayVpcEndpoint.Builder.create(this, "S3")
            .vpc(vpc)
            .service(GatewayVpcEndpointAwsService.S3)
            .subnets(List.of(SubnetSelection.builder().subnets(subnets).build()))
            .build();
    endpoint.addToPolicy(
        PolicyStatement.Builder.create()
            .sid("OwnBuckets")
            .principals(List.of(new AnyPrincipal()))
            .actions(List.of("s3:*"))
            .resources(List.of("*"))
            .conditions(Map.of("StringEquals", Map.of("aws:ResourceAccount", stack.getAccount())))
            .build());
    // Both are kept in buckets of AWS's, and asked for with credentials of AWS's or none.
    endpoint.addToPolicy(
        read(
            "ImageLayers", List.of(s3 + "prod-" + stack.getRegion() + "-starport-layer-bucket/*")));
    endpoint.addToPolicy(
        read("AmazonLinux", List.of(s3 + "al2023-repos-" + stack.getRegion() + "-de612dc2/*")));
    if (!props.getReadableBuckets().isEmpty()) {
      endpoint.addToPolicy(
          PolicyStatement.Builder.create()
              .sid("ReadableBuckets")
              .principals(List.of(new AnyPrincipal()))
              .actions(List.of("s3:GetObject", "s3:ListBucket"))
              .resources(
                  props.getReadableBuckets().stream()
                      .flatMap(bucket -> List.of(s3 + bucket, s3 + bucket + "/*").stream())
                      .toList())
              .build());
    }
    return endpoint;
  }

  private static PolicyStatement read(String sid, List<String> objects) {
    return PolicyStatement.Builder.create()
        .sid(sid)
        .principals(List.of(new AnyPrincipal()))
        .actions(List.of("s3:GetObject"))
        .resources(objects)
        .build();
  }

  private InterfaceVpcEndpoint endpoint(String service) {
    return InterfaceVpcEndpoint.Builder.create(this, "Endpoint-" + service)
        .vpc(vpc)
        .service(new InterfaceVpcEndpointAwsService(service))
        .subnets(SubnetSelection.builder().subnets(subnets).build())
        .privateDnsEnabled(true)
        .open(false)
        .securityGroups(List.of(endpointGroup()))
        .build();
  }

  private ISecurityGroup endpointGroup() {
    if (endpointGroup == null) {
      SecurityGroup group =
          SecurityGroup.Builder.create(this, "EndpointGroup")
              .vpc(vpc)
              .description("Endpoints: HTTPS from the network itself")
              .allowAllOutbound(false)
              .build();
      group.addIngressRule(
          Peer.ipv4(vpc.getVpcCidrBlock()), Port.tcp(443), "HTTPS from the network itself");
      endpointGroup = group;
    }
    return endpointGroup;
  }

  private ILogGroup flowLogs(MlNetworkProps props) {
    LogGroup group =
        LogGroup.Builder.create(this, "FlowLogs")
            .retention(props.getFlowLogRetention())
            .removalPolicy(RemovalPolicy.RETAIN)
            .build();
    Role role =
        Role.Builder.create(this, "FlowLogRole")
            .description("Writes the network's traffic to its log group")
            .assumedBy(
                ServiceTrust.ofResources(
                    this, "vpc-flow-logs.amazonaws.com", "ec2", "vpc-flow-log/*"))
            .build();
    Statement.of(
            "WriteFlowLogs",
            List.of("logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"),
            List.of(group.getLogGroupArn()))
        .addTo(role);
    CfnFlowLog.Builder.create(this, "FlowLog")
        .resourceId(vpc.getVpcId())
        .resourceType("VPC")
        .trafficType("ALL")
        .logDestinationType("cloud-watch-logs")
        .logGroupName(group.getLogGroupName())
        .deliverLogsPermissionArn(role.getRoleArn())
        .build();
    return group;
  }

  private record Existing(IVpc vpc, List<ISubnet> subnets, boolean publicIp) implements IMlNetwork {
    @Override
    public IVpc getVpc() {
      return vpc;
    }

    @Override
    public List<ISubnet> getSubnets() {
      return subnets;
    }

    @Override
    public boolean isPublicIp() {
      return publicIp;
    }

    @Override
    public void require(Collection<NetworkNeed> needs) {
      // What exists is not changed.
    }
  }
}
