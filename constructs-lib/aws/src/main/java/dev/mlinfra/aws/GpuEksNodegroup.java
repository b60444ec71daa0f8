package dev.mlinfra.aws;

import dev.mlinfra.aws.NodeCapacity.Kind;
import dev.mlinfra.aws.internal.Arns;
import dev.mlinfra.aws.internal.ClusterPolicies;
import dev.mlinfra.aws.internal.NodegroupPlan;
import dev.mlinfra.aws.internal.NodegroupRules;
import dev.mlinfra.core.ValidationException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import software.amazon.awscdk.Annotations;
import software.amazon.awscdk.IResolvable;
import software.amazon.awscdk.services.ec2.CfnLaunchTemplate;
import software.amazon.awscdk.services.ec2.CfnPlacementGroup;
import software.amazon.awscdk.services.ec2.CfnSecurityGroup;
import software.amazon.awscdk.services.ec2.CfnSecurityGroupEgress;
import software.amazon.awscdk.services.ec2.CfnSecurityGroupIngress;
import software.amazon.awscdk.services.ec2.ISubnet;
import software.amazon.awscdk.services.eks.CfnNodegroup;
import software.amazon.awscdk.services.iam.IRole;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.constructs.Construct;

/**
 * Nodes of a cluster with the image, taint and labels that their accelerator needs: of every family
 * that EKS has an image for, where the CDK's own node groups know some and refuse others.
 *
 * <p>Nodes with an accelerator are tainted {@code nvidia.com/gpu=present} or {@code
 * aws.amazon.com/neuron=present}, so pods must ask for it. The image brings the driver; the device
 * plugin, which tells Kubernetes of accelerators, is installed in the cluster. The Cluster
 * Autoscaler reads labels and taints from EKS ({@code eks:DescribeNodegroup}), also while there is
 * no node, and finds the group by the tags that EKS puts on it.
 */
public final class GpuEksNodegroup extends Construct {
  private static final String TAG = "mlinfra:nodegroup";

  private final GpuEksNodegroupProps props;
  private final NodegroupPlan plan;
  private final Role role;
  private final CfnLaunchTemplate launchTemplate;
  private final CfnNodegroup nodegroup;
  private final MachineTags tags;

  /**
   * A node group.
   *
   * @throws ValidationException with every problem of the properties
   */
  public GpuEksNodegroup(Construct scope, String id, GpuEksNodegroupProps props) {
    super(scope, id);
    this.props = props;
    ValidationException.throwIfAny(
        "GpuEksNodegroup '" + getNode().getPath() + "'", NodegroupRules.problems(props));

    plan = NodegroupPlan.of(props);
    tags = new MachineTags(this, "MachineTags", TAG, getNode().getPath());
    role = newRole();
    launchTemplate = newLaunchTemplate();
    nodegroup = newNodegroup();
    // A node without its rights cannot join, and the group fails.
    nodegroup.getNode().addDependency(role);
    props.getCluster().getBeforeNodes().forEach(nodegroup.getNode()::addDependency);
    if (isSpot() && props.getInstanceTypes().size() < 4) {
      Annotations.of(this)
          .addWarningV2(
              "mlinfra::nodegroup.spread",
              "spot capacity is looked for in %d types: 4 find it more often"
                  .formatted(props.getInstanceTypes().size()));
    }
  }

  /** The node group. */
  public CfnNodegroup getNodegroup() {
    return nodegroup;
  }

  /** The template that nodes are started by. */
  public CfnLaunchTemplate getLaunchTemplate() {
    return launchTemplate;
  }

  /** The role of the nodes; pods have roles of their own. */
  public IRole getNodeRole() {
    return role;
  }

  private boolean isSpot() {
    return props.getCapacity().kind() == Kind.SPOT;
  }

  private Role newRole() {
    Role made =
        Role.Builder.create(this, "Role")
            .description("Nodes: join the cluster, pull images, get roles for pods")
            .path(props.getCluster().getRolePath())
            .assumedBy(new ServicePrincipal("ec2.amazonaws.com"))
            .build();
    new ClusterPolicies(
            Arns.of(this, Optional.empty(), List.of()), props.getCluster().getClusterName())
        .node()
        .forEach(statement -> statement.addTo(made));
    return made;
  }

  private CfnLaunchTemplate newLaunchTemplate() {
    CfnLaunchTemplate.LaunchTemplateDataProperty.Builder data =
        CfnLaunchTemplate.LaunchTemplateDataProperty.builder()
            .metadataOptions(
                CfnLaunchTemplate.MetadataOptionsProperty.builder()
                    .httpTokens("required")
                    // Pods are one hop further away: they do not get the role of the node.
                    .httpPutResponseHopLimit(1)
                    .build())
            .monitoring(CfnLaunchTemplate.MonitoringProperty.builder().enabled(false).build())
            .blockDeviceMappings(
                List.of(
                    CfnLaunchTemplate.BlockDeviceMappingProperty.builder()
                        .deviceName("/dev/xvda")
                        .ebs(
                            CfnLaunchTemplate.EbsProperty.builder()
                                .volumeType("gp3")
                                .volumeSize(props.getDiskGb())
                                .encrypted(true)
                                .deleteOnTermination(true)
                                .build())
                        .build()));
    interfaces(data);
    block(data);
    CfnLaunchTemplate template =
        CfnLaunchTemplate.Builder.create(this, "LaunchTemplate")
            .launchTemplateData(data.build())
            .build();
    IResolvable rendered = tags.rendered();
    template.addPropertyOverride(
        "LaunchTemplateData.TagSpecifications",
        List.of(
            Map.of("ResourceType", "instance", "Tags", rendered),
            Map.of("ResourceType", "volume", "Tags", rendered),
            Map.of("ResourceType", "network-interface", "Tags", rendered)));
    template.addPropertyOverride(
        "TagSpecifications", List.of(Map.of("ResourceType", "launch-template", "Tags", rendered)));
    return template;
  }

  private void interfaces(CfnLaunchTemplate.LaunchTemplateDataProperty.Builder data) {
    String cluster = props.getCluster().getSecurityGroupId();
    Boolean publicAddress = props.getCluster().getNetwork().isPublicIp() ? true : null;
    if (plan.efaInterfaces() == 0) {
      data.networkInterfaces(
          List.of(
              CfnLaunchTemplate.NetworkInterfaceProperty.builder()
                  .deviceIndex(0)
                  .groups(List.of(cluster))
                  .associatePublicIpAddress(publicAddress)
                  .deleteOnTermination(true)
                  .build()));
      return;
    }
    String between = betweenNodes().getAttrGroupId();
    CfnPlacementGroup close =
        CfnPlacementGroup.Builder.create(this, "Placement").strategy("cluster").build();
    data.placement(CfnLaunchTemplate.PlacementProperty.builder().groupName(close.getRef()).build());
    data.networkInterfaces(
        IntStream.range(0, plan.efaInterfaces())
            .mapToObj(
                card ->
                    CfnLaunchTemplate.NetworkInterfaceProperty.builder()
                        .networkCardIndex(card)
                        .deviceIndex(card == 0 ? 0 : 1)
                        .interfaceType("efa")
                        .groups(List.of(cluster, between))
                        .associatePublicIpAddress(publicAddress)
                        .deleteOnTermination(true)
                        .build())
            .toList());
  }

  /** The adapter goes by groups, for which a range of addresses does not count. */
  private CfnSecurityGroup betweenNodes() {
    CfnSecurityGroup group =
        CfnSecurityGroup.Builder.create(this, "BetweenNodes")
            .groupDescription("Nodes of one job among themselves")
            .vpcId(props.getCluster().getNetwork().getVpc().getVpcId())
            .securityGroupEgress(List.of())
            .build();
    CfnSecurityGroupIngress.Builder.create(this, "FromNodes")
        .groupId(group.getAttrGroupId())
        .sourceSecurityGroupId(group.getAttrGroupId())
        .ipProtocol("-1")
        .description("Nodes of one job among themselves")
        .build();
    CfnSecurityGroupEgress.Builder.create(this, "ToNodes")
        .groupId(group.getAttrGroupId())
        .destinationSecurityGroupId(group.getAttrGroupId())
        .ipProtocol("-1")
        .description("Nodes of one job among themselves")
        .build();
    return group;
  }

  private void block(CfnLaunchTemplate.LaunchTemplateDataProperty.Builder data) {
    props
        .getCapacity()
        .reservationId()
        .ifPresent(
            reservation ->
                data.instanceType(props.getInstanceTypes().get(0))
                    .instanceMarketOptions(
                        CfnLaunchTemplate.InstanceMarketOptionsProperty.builder()
                            .marketType("capacity-block")
                            .build())
                    .capacityReservationSpecification(
                        CfnLaunchTemplate.CapacityReservationSpecificationProperty.builder()
                            .capacityReservationTarget(
                                CfnLaunchTemplate.CapacityReservationTargetProperty.builder()
                                    .capacityReservationId(reservation)
                                    .build())
                            .build()));
  }

  private CfnNodegroup newNodegroup() {
    CfnNodegroup.Builder group =
        CfnNodegroup.Builder.create(this, "Resource")
            .clusterName(props.getCluster().getClusterName())
            .nodeRole(role.getRoleArn())
            .subnets(subnetIds())
            .amiType(plan.amiType())
            .capacityType(props.getCapacity().kind().name())
            .scalingConfig(
                CfnNodegroup.ScalingConfigProperty.builder()
                    .minSize(props.getMin())
                    .maxSize(props.getMax())
                    .build())
            .labels(plan.labels())
            .launchTemplate(
                CfnNodegroup.LaunchTemplateSpecificationProperty.builder()
                    .id(launchTemplate.getRef())
                    .version(launchTemplate.getAttrLatestVersionNumber())
                    .build())
            // Work that cannot be moved ends an update, and not the other way round.
            .forceUpdateEnabled(false)
            .updateConfig(CfnNodegroup.UpdateConfigProperty.builder().maxUnavailable(1).build())
            .nodeRepairConfig(
                CfnNodegroup.NodeRepairConfigProperty.builder().enabled(true).build());
    if (props.getCapacity().kind() != Kind.CAPACITY_BLOCK) {
      group.instanceTypes(props.getInstanceTypes());
    }
    plan.taint()
        .ifPresent(
            key ->
                group.taints(
                    List.of(
                        CfnNodegroup.TaintProperty.builder()
                            .key(key)
                            .value("present")
                            .effect("NO_SCHEDULE")
                            .build())));
    return group.build();
  }

  private List<String> subnetIds() {
    List<String> all =
        props.getCluster().getNetwork().getSubnets().stream().map(ISubnet::getSubnetId).toList();
    return props.isMultiNode() ? all.subList(0, 1) : all;
  }
}
