package dev.mlinfra.aws;

import dev.mlinfra.aws.internal.Arns;
import dev.mlinfra.aws.internal.FleetPlan;
import dev.mlinfra.aws.internal.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import software.amazon.awscdk.IResolvable;
import software.amazon.awscdk.services.batch.CfnComputeEnvironment;
import software.amazon.awscdk.services.batch.CfnJobQueue;
import software.amazon.awscdk.services.ec2.CfnLaunchTemplate;
import software.amazon.awscdk.services.ec2.CfnPlacementGroup;
import software.amazon.awscdk.services.ec2.CfnSecurityGroup;
import software.amazon.awscdk.services.ec2.CfnSecurityGroupEgress;
import software.amazon.awscdk.services.ec2.CfnSecurityGroupIngress;
import software.amazon.awscdk.services.ec2.ISubnet;
import software.amazon.awscdk.services.iam.CfnInstanceProfile;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.logs.ILogGroup;
import software.amazon.awscdk.services.ssm.ParameterValueType;
import software.amazon.awscdk.services.ssm.StringParameter;
import software.constructs.Construct;

/** The machines of a fleet: what they are started by, what they may do, and their queues. */
final class FleetMachines {
  private static final String NEURON_AMI =
      "/aws/service/ecs/optimized-ami/amazon-linux-2023/neuron/recommended/image_id";

  /** Of the disk and memory of machines: the configuration of the agent in ami-packer has it. */
  private static final String AGENT_NAMESPACE = "mlinfra/machines";

  private final Construct scope;
  private final SpotTrainingFleetProps props;
  private final FleetPlan plan;
  private final MachineTags tags;
  private final CfnSecurityGroup securityGroup;
  private final Role instanceRole;
  private final CfnInstanceProfile instanceProfile;
  private final CfnLaunchTemplate launchTemplate;
  private final CfnComputeEnvironment spot;
  private final Optional<CfnComputeEnvironment> onDemand;
  private final CfnJobQueue queue;
  private final Optional<CfnJobQueue> nodesQueue;

  FleetMachines(Construct scope, SpotTrainingFleetProps props, FleetPlan plan, ILogGroup logGroup) {
    this.scope = scope;
    this.props = props;
    this.plan = plan;
    tags =
        new MachineTags(
            scope, "MachineTags", SpotTrainingFleet.FLEET_TAG, scope.getNode().getPath());
    securityGroup = newSecurityGroup();
    instanceRole = newInstanceRole(logGroup);
    instanceProfile =
        CfnInstanceProfile.Builder.create(scope, "InstanceProfile")
            .path(props.getRolePath())
            .roles(List.of(instanceRole.getRoleName()))
            .build();
    launchTemplate = newLaunchTemplate("LaunchTemplate", templateData().build());
    spot = newEnvironment("Spot", true, launchTemplate, plan.spotVcpus(), subnetIds());
    onDemand =
        props.isOnDemandFallback()
            ? Optional.of(
                newEnvironment(
                    "OnDemand", false, launchTemplate, plan.onDemandVcpus(), subnetIds()))
            : Optional.empty();
    List<CfnComputeEnvironment> environments = new ArrayList<>(List.of(spot));
    onDemand.ifPresent(environments::add);
    queue = newQueue("Queue", environments);
    nodesQueue = props.getNodes().isPresent() ? Optional.of(newNodesQueue()) : Optional.empty();
  }

  CfnSecurityGroup securityGroup() {
    return securityGroup;
  }

  Role instanceRole() {
    return instanceRole;
  }

  CfnInstanceProfile instanceProfile() {
    return instanceProfile;
  }

  CfnLaunchTemplate launchTemplate() {
    return launchTemplate;
  }

  CfnComputeEnvironment spot() {
    return spot;
  }

  Optional<CfnComputeEnvironment> onDemand() {
    return onDemand;
  }

  CfnJobQueue queue() {
    return queue;
  }

  Optional<CfnJobQueue> nodesQueue() {
    return nodesQueue;
  }

  private CfnSecurityGroup newSecurityGroup() {
    return CfnSecurityGroup.Builder.create(scope, "SecurityGroup")
        .groupDescription("Training machines: nothing comes in from outside")
        .vpcId(props.getNetwork().getVpc().getVpcId())
        .securityGroupEgress(
            List.of(
                CfnSecurityGroup.EgressProperty.builder()
                    .ipProtocol("-1")
                    .cidrIp("0.0.0.0/0")
                    .description("Registry, logs, storage, packages")
                    .build()))
        .build();
  }

  /** What the agent of ECS does, on clusters whose names only Batch knows. */
  private Role newInstanceRole(ILogGroup logGroup) {
    Role role =
        Role.Builder.create(scope, "InstanceRole")
            .description("Training machines: run jobs, pull their image, write their log")
            .path(props.getRolePath())
            .assumedBy(new ServicePrincipal("ec2.amazonaws.com"))
            .build();
    Arns arns = Arns.of(scope, Optional.empty(), List.of());
    Statement.of(
            "JoinCluster",
            List.of(
                "ecs:DeregisterContainerInstance",
                "ecs:RegisterContainerInstance",
                "ecs:SubmitAttachmentStateChanges",
                "ecs:SubmitContainerStateChange",
                "ecs:SubmitTaskStateChange"),
            arns.in("ecs", "cluster/*"))
        .addTo(role);
    Statement.of(
            "TakeJobs",
            List.of("ecs:Poll", "ecs:StartTelemetrySession", "ecs:UpdateContainerInstancesState"),
            arns.in("ecs", "container-instance/*"))
        .addTo(role);
    // It knows no resource.
    Statement.of("FindAgentEndpoint", List.of("ecs:DiscoverPollEndpoint"), List.of("*"))
        .addTo(role);
    props.getImage().grantPull(role);
    Statement.of(
            "WriteLogs",
            List.of("logs:CreateLogStream", "logs:PutLogEvents"),
            List.of(logGroup.getLogGroupArn()))
        .addTo(role);
    if (props.getAmiParameter().isPresent()) {
      // It knows no resource.
      new Statement(
              "SendMetrics",
              List.of("cloudwatch:PutMetricData"),
              List.of("*"),
              Map.of("StringEquals", Map.of("cloudwatch:namespace", AGENT_NAMESPACE)))
          .addTo(role);
    }
    return role;
  }

  private CfnLaunchTemplate.LaunchTemplateDataProperty.Builder templateData() {
    return CfnLaunchTemplate.LaunchTemplateDataProperty.builder()
        .metadataOptions(
            CfnLaunchTemplate.MetadataOptionsProperty.builder()
                .httpTokens("required")
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
  }

  private CfnLaunchTemplate newLaunchTemplate(
      String id, CfnLaunchTemplate.LaunchTemplateDataProperty data) {
    CfnLaunchTemplate template =
        CfnLaunchTemplate.Builder.create(scope, id).launchTemplateData(data).build();
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

  private CfnComputeEnvironment newEnvironment(
      String id, boolean isSpot, CfnLaunchTemplate template, int maxVcpus, List<String> subnetIds) {
    CfnComputeEnvironment environment =
        CfnComputeEnvironment.Builder.create(scope, id)
            .type("MANAGED")
            .state("ENABLED")
            // Changes are made in place, and wait for jobs that run.
            .replaceComputeEnvironment(false)
            .updatePolicy(
                CfnComputeEnvironment.UpdatePolicyProperty.builder()
                    .terminateJobsOnUpdate(false)
                    .jobExecutionTimeoutMinutes(
                        Math.min(360, props.getMaxRuntime().toMinutes().intValue()))
                    .build())
            .computeResources(
                CfnComputeEnvironment.ComputeResourcesProperty.builder()
                    .type(isSpot ? "SPOT" : "EC2")
                    .allocationStrategy(
                        isSpot ? "SPOT_PRICE_CAPACITY_OPTIMIZED" : "BEST_FIT_PROGRESSIVE")
                    .minvCpus(0)
                    .maxvCpus(maxVcpus)
                    .instanceTypes(props.getInstanceTypes())
                    .subnets(subnetIds)
                    .securityGroupIds(List.of(securityGroup.getAttrGroupId()))
                    .instanceRole(instanceProfile.getAttrArn())
                    .launchTemplate(
                        CfnComputeEnvironment.LaunchTemplateSpecificationProperty.builder()
                            .launchTemplateId(template.getRef())
                            .version(template.getAttrLatestVersionNumber())
                            .build())
                    .ec2Configuration(List.of(image()))
                    .updateToLatestImageVersion(true)
                    .build())
            .build();
    environment.addPropertyOverride(
        "ComputeResources.Tags", environment.getTags().getRenderedTags());
    // Batch would take a machine without its rights for a failed one.
    environment.getNode().addDependency(instanceRole);
    return environment;
  }

  private CfnComputeEnvironment.Ec2ConfigurationObjectProperty image() {
    Optional<String> neuron =
        plan.kind() == AcceleratorKind.NEURON ? Optional.of(NEURON_AMI) : Optional.empty();
    return CfnComputeEnvironment.Ec2ConfigurationObjectProperty.builder()
        .imageType(plan.kind() == AcceleratorKind.NVIDIA ? "ECS_AL2023_NVIDIA" : "ECS_AL2023")
        .imageIdOverride(
            props
                .getAmiParameter()
                .or(() -> neuron)
                .map(
                    it ->
                        StringParameter.valueForTypedStringParameterV2(
                            scope, it, ParameterValueType.AWS_EC2_IMAGE_ID))
                .orElse(null))
        .build();
  }

  private List<String> subnetIds() {
    return props.getNetwork().getSubnets().stream().map(ISubnet::getSubnetId).toList();
  }

  private CfnJobQueue newQueue(String id, List<CfnComputeEnvironment> environments) {
    return CfnJobQueue.Builder.create(scope, id)
        .priority(1)
        .state("ENABLED")
        .computeEnvironmentOrder(
            IntStream.range(0, environments.size())
                .mapToObj(
                    i ->
                        CfnJobQueue.ComputeEnvironmentOrderProperty.builder()
                            .order(i + 1)
                            .computeEnvironment(environments.get(i).getAttrComputeEnvironmentArn())
                            .build())
                .toList())
        .build();
  }

  /** On demand, since Batch takes spot machines for jobs on one machine alone. */
  private CfnJobQueue newNodesQueue() {
    // What is computed together is also handed around.
    CfnSecurityGroupIngress.Builder.create(scope, "BetweenNodes")
        .groupId(securityGroup.getAttrGroupId())
        .sourceSecurityGroupId(securityGroup.getAttrGroupId())
        .ipProtocol("-1")
        .description("Machines of one job among themselves")
        .build();
    CfnPlacementGroup close =
        CfnPlacementGroup.Builder.create(scope, "Placement").strategy("cluster").build();
    CfnLaunchTemplate.LaunchTemplateDataProperty.Builder data =
        templateData()
            .placement(
                CfnLaunchTemplate.PlacementProperty.builder().groupName(close.getRef()).build());
    if (plan.efaInterfaces() > 0) {
      data.networkInterfaces(efaInterfaces());
      // The adapter goes by groups, for which a range of addresses does not count.
      CfnSecurityGroupEgress.Builder.create(scope, "ToNodes")
          .groupId(securityGroup.getAttrGroupId())
          .destinationSecurityGroupId(securityGroup.getAttrGroupId())
          .ipProtocol("-1")
          .description("Machines of one job among themselves")
          .build();
    }
    return newQueue(
        "NodesQueue",
        List.of(
            newEnvironment(
                "Nodes",
                false,
                newLaunchTemplate("NodesLaunchTemplate", data.build()),
                plan.nodesVcpus(),
                subnetIds().subList(0, 1))));
  }

  /** One adapter on each network card; a machine with several cannot have a public address. */
  private List<CfnLaunchTemplate.NetworkInterfaceProperty> efaInterfaces() {
    return IntStream.range(0, plan.efaInterfaces())
        .mapToObj(
            card ->
                CfnLaunchTemplate.NetworkInterfaceProperty.builder()
                    .networkCardIndex(card)
                    .deviceIndex(card == 0 ? 0 : 1)
                    .interfaceType("efa")
                    .groups(List.of(securityGroup.getAttrGroupId()))
                    .associatePublicIpAddress(props.getNetwork().isPublicIp() ? true : null)
                    .deleteOnTermination(true)
                    .build())
        .toList();
  }
}
