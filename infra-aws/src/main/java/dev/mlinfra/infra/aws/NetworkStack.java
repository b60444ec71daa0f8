package dev.mlinfra.infra.aws;

import dev.mlinfra.aws.ExistingNetworkProps;
import dev.mlinfra.aws.IMlNetwork;
import dev.mlinfra.aws.MlNetwork;
import dev.mlinfra.aws.MlNetworkProps;
import dev.mlinfra.core.NetworkSettings;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.services.ec2.ISubnet;
import software.constructs.Construct;

/** How workloads of an environment are connected. */
final class NetworkStack extends Stack {
  private final MlNetwork network;

  NetworkStack(Construct scope, StackProps props, NetworkSettings settings) {
    super(scope, "Network", props);
    network =
        new MlNetwork(
            this,
            "Vpc",
            MlNetworkProps.builder()
                .availabilityZones(settings.availabilityZones())
                .egress(settings.egress())
                .cidr(settings.cidr())
                .natGateways(settings.natGateways())
                .flowLogs(settings.flowLogs())
                .build());
  }

  /** A network that exists needs no stack: it is referred to where it is used. */
  static IMlNetwork existing(Construct scope, NetworkSettings settings) {
    return MlNetwork.fromExisting(
        scope,
        "Vpc",
        ExistingNetworkProps.builder()
            .vpcId(settings.vpcId().orElseThrow())
            .availabilityZones(settings.availabilityZones())
            .subnetIds(settings.subnetIds())
            .publicIp(settings.publicSubnets())
            .build());
  }

  IMlNetwork getNetwork() {
    return network;
  }

  Map<String, String> outputs() {
    Map<String, String> outputs = new LinkedHashMap<>();
    outputs.put("VpcId", network.getVpc().getVpcId());
    outputs.put(
        "SubnetIds",
        network.getSubnets().stream().map(ISubnet::getSubnetId).collect(Collectors.joining(",")));
    return outputs;
  }
}
