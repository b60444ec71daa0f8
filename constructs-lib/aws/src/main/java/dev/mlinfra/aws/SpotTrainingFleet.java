package dev.mlinfra.aws;

import dev.mlinfra.aws.internal.FleetRules;
import dev.mlinfra.aws.internal.ServiceTrust;
import dev.mlinfra.aws.internal.Statement;
import dev.mlinfra.aws.internal.TrainingMachines;
import dev.mlinfra.core.ValidationException;
import dev.mlinfra.cost.PriceBook;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import software.amazon.awscdk.Annotations;
import software.amazon.awscdk.IResolvable;
import software.amazon.awscdk.Names;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.Token;
import software.amazon.awscdk.UniqueResourceNameOptions;
import software.amazon.awscdk.services.batch.CfnComputeEnvironment;
import software.amazon.awscdk.services.batch.CfnJobDefinition;
import software.amazon.awscdk.services.batch.CfnJobDefinition.ContainerPropertiesProperty;
import software.amazon.awscdk.services.batch.CfnJobDefinition.ResourceRequirementProperty;
import software.amazon.awscdk.services.batch.CfnJobQueue;
import software.amazon.awscdk.services.ec2.CfnLaunchTemplate;
import software.amazon.awscdk.services.ec2.CfnPlacementGroup;
import software.amazon.awscdk.services.ec2.CfnSecurityGroup;
import software.amazon.awscdk.services.ec2.CfnSecurityGroupIngress;
import software.amazon.awscdk.services.ec2.ISubnet;
import software.amazon.awscdk.services.iam.CfnInstanceProfile;
import software.amazon.awscdk.services.iam.IRole;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.logs.ILogGroup;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.sns.ITopic;
import software.amazon.awscdk.services.sns.Topic;
import software.amazon.awscdk.services.ssm.ParameterValueType;
import software.amazon.awscdk.services.ssm.StringParameter;
import software.constructs.Construct;

/**
 * A queue of training jobs on machines of the spot market, by AWS Batch: none runs without a job.
 *
 * <p>Each job is bounded in attempts, time and money. A job whose machine is taken away is tried
 * again and goes on from its checkpoint; one whose program fails is not. The program finds its
 * folders as {@code s3://} addresses in {@code MLINFRA_DATASETS}, {@code MLINFRA_CHECKPOINTS} and
 * {@code MLINFRA_MODELS}; it gets SIGTERM before its machine goes.
 */
public final class SpotTrainingFleet extends Construct {
  private static final String NEURON_AMI =
      "/aws/service/ecs/optimized-ami/amazon-linux-2023/neuron/recommended/image_id";

  /** By this tag of its machines a drill finds the fleet. */
  static final String FLEET_TAG = "mlinfra:fleet";

  private final SpotTrainingFleetProps props;
  private final TrainingMachines machines;
  private final String jobName;
  private final ILogGroup logGroup;
  private final MachineTags machineTags;
  private final CfnSecurityGroup securityGroup;
  private final Role instanceRole;
  private final CfnInstanceProfile instanceProfile;
  private final CfnLaunchTemplate launchTemplate;
  private final CfnComputeEnvironment spot;
  private final Optional<CfnComputeEnvironment> onDemand;
  private final CfnJobQueue queue;
  private final Role jobRole;
  private final CfnJobDefinition jobDefinition;
  private final Optional<CfnJobQueue> nodesQueue;
  private final Optional<CfnJobDefinition> nodesJobDefinition;
  private final ITopic notifications;
  private final FleetEvents events;

  /**
   * A fleet.
   *
   * @throws ValidationException with every problem of the properties
   */
  public SpotTrainingFleet(Construct scope, String id, SpotTrainingFleetProps props) {
    super(scope, id);
    this.props = props;
    String region = priceRegion();
    ValidationException.throwIfAny(
        "SpotTrainingFleet '" + getNode().getPath() + "'",
        FleetRules.problems(props, PriceBook.bundled(), region));

    machines = TrainingMachines.of(props.getInstanceTypes());
    props.getNetwork().require(List.of(NetworkNeed.BATCH_INSTANCES));
    jobName = name("");
    logGroup =
        LogGroup.Builder.create(this, "Logs")
            .retention(props.getLogRetention())
            .removalPolicy(RemovalPolicy.RETAIN)
            .build();
    machineTags = new MachineTags(this, "MachineTags", FLEET_TAG, getNode().getPath());
    securityGroup = newSecurityGroup();
    instanceRole = newInstanceRole();
    instanceProfile =
        CfnInstanceProfile.Builder.create(this, "InstanceProfile")
            .path(props.getRolePath())
            .roles(List.of(instanceRole.getRoleName()))
            .build();
    launchTemplate = newLaunchTemplate("LaunchTemplate", Optional.empty());
    spot = newEnvironment("Spot", true, launchTemplate, spotJobs(), subnetIds());
    onDemand =
        props.isOnDemandFallback()
            ? Optional.of(
                newEnvironment("OnDemand", false, launchTemplate, onDemandJobs(), subnetIds()))
            : Optional.empty();
    queue = newQueue("Queue", environments());
    jobRole = newJobRole();
    jobDefinition = newJobDefinition();
    nodesQueue = props.getNodes().isPresent() ? Optional.of(newNodesQueue()) : Optional.empty();
    nodesJobDefinition =
        props.getNodes().isPresent() ? Optional.of(newNodesJobDefinition()) : Optional.empty();
    notifications =
        props
            .getNotifications()
            .orElseGet(() -> Topic.Builder.create(this, "Notifications").enforceSsl(true).build());
    events = new FleetEvents(this, props, queues(), notifications, warnAfterSeconds(region));
    warn(region);
  }

  /** The environment of spot machines. */
  public CfnComputeEnvironment getSpotEnvironment() {
    return spot;
  }

  /** The environment of machines on demand; empty without {@code onDemandFallback}. */
  public Optional<CfnComputeEnvironment> getOnDemandEnvironment() {
    return onDemand;
  }

  /** The queue that jobs go into. */
  public CfnJobQueue getQueue() {
    return queue;
  }

  /** The definition of jobs; its reference is the newest revision. */
  public CfnJobDefinition getJobDefinition() {
    return jobDefinition;
  }

  /** The queue of jobs on several machines; empty without {@code nodes}. */
  public Optional<CfnJobQueue> getNodesQueue() {
    return nodesQueue;
  }

  /** The definition of jobs on several machines; empty without {@code nodes}. */
  public Optional<CfnJobDefinition> getNodesJobDefinition() {
    return nodesJobDefinition;
  }

  /** The template that machines are started by. */
  public CfnLaunchTemplate getLaunchTemplate() {
    return launchTemplate;
  }

  /** The security group of machines: nothing comes in but from each other, for several nodes. */
  public CfnSecurityGroup getSecurityGroup() {
    return securityGroup;
  }

  /** The role of the program; more can be granted to it. */
  public IRole getJobRole() {
    return jobRole;
  }

  /** The role of the machines. */
  public IRole getInstanceRole() {
    return instanceRole;
  }

  /** The profile by which machines get their role. */
  public CfnInstanceProfile getInstanceProfile() {
    return instanceProfile;
  }

  /** The group of the logs. */
  public ILogGroup getLogGroup() {
    return logGroup;
  }

  /** The topic that is told of notices, failures and long runs. */
  public ITopic getNotifications() {
    return notifications;
  }

  /** Permissions on the fleet. */
  public SpotTrainingFleetGrants getGrants() {
    Stack stack = Stack.of(this);
    List<String> definitions = new ArrayList<>(List.of(batch("job-definition/" + jobName + ":*")));
    props
        .getNodes()
        .ifPresent(it -> definitions.add(batch("job-definition/" + name("nodes") + ":*")));
    return new SpotTrainingFleetGrants(
        queues(),
        definitions,
        "arn:%s:batch:%s:%s:job/*"
            .formatted(stack.getPartition(), stack.getRegion(), stack.getAccount()),
        logGroup);
  }

  /** Metrics of the fleet. */
  public SpotTrainingFleetMetrics getMetrics() {
    return events.metrics();
  }

  // ---- sizes

  private int vcpus() {
    return props.getVcpus().orElse(machines.vcpus());
  }

  private int memoryMib() {
    return props.getMemoryMib().orElse(machines.memoryMib());
  }

  private int accelerators() {
    return props.getAccelerators().orElse(machines.accelerators());
  }

  /** With a fallback half of the jobs, the larger one, is for spot: both can run at one time. */
  private int spotJobs() {
    return props.isOnDemandFallback()
        ? props.getMaxConcurrentJobs() - onDemandJobs()
        : props.getMaxConcurrentJobs();
  }

  private int onDemandJobs() {
    return props.getMaxConcurrentJobs() / 2;
  }

  private int maxVcpus(int jobs) {
    return Math.min(props.getMaxVcpus(), jobs * vcpus());
  }

  private String priceRegion() {
    String region = Stack.of(this).getRegion();
    return Token.isUnresolved(region) ? PriceBook.referenceRegion("aws") : region;
  }

  /** When a job has used up {@code warnAt} of its budget, if it ran on the dearest type. */
  private long warnAfterSeconds(String region) {
    double longest = props.getAttempts() * props.getMaxRuntime().toSeconds().doubleValue();
    double byBudget =
        machines
            .dearest(PriceBook.bundled(), region)
            .map(price -> props.getJobBudgetUsd() / price.usd().high() * 3600)
            .orElse(longest);
    return Math.max(60, Math.round(props.getWarnAt() * Math.min(longest, byBudget)));
  }

  // ---- machines

  private CfnSecurityGroup newSecurityGroup() {
    CfnSecurityGroup group =
        CfnSecurityGroup.Builder.create(this, "SecurityGroup")
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
    return group;
  }

  /** What the agent of ECS does, on clusters whose names only Batch knows. */
  private Role newInstanceRole() {
    Role role =
        Role.Builder.create(this, "InstanceRole")
            .description("Training machines: run jobs, pull their image, write their log")
            .path(props.getRolePath())
            .assumedBy(new ServicePrincipal("ec2.amazonaws.com"))
            .build();
    String clusters = ecs("cluster/*");
    String instances = ecs("container-instance/*");
    Statement.of(
            "JoinCluster",
            List.of(
                "ecs:DeregisterContainerInstance",
                "ecs:RegisterContainerInstance",
                "ecs:SubmitAttachmentStateChanges",
                "ecs:SubmitContainerStateChange",
                "ecs:SubmitTaskStateChange"),
            List.of(clusters))
        .addTo(role);
    Statement.of(
            "TakeJobs",
            List.of("ecs:Poll", "ecs:StartTelemetrySession", "ecs:UpdateContainerInstancesState"),
            List.of(instances))
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
    return role;
  }

  private CfnLaunchTemplate newLaunchTemplate(String id, Optional<String> placementGroup) {
    CfnLaunchTemplate.LaunchTemplateDataProperty.Builder data =
        CfnLaunchTemplate.LaunchTemplateDataProperty.builder()
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
    placementGroup.ifPresent(
        group ->
            data.placement(CfnLaunchTemplate.PlacementProperty.builder().groupName(group).build()));
    CfnLaunchTemplate template =
        CfnLaunchTemplate.Builder.create(this, id).launchTemplateData(data.build()).build();
    IResolvable tags = machineTags.rendered();
    template.addPropertyOverride(
        "LaunchTemplateData.TagSpecifications",
        List.of(
            Map.of("ResourceType", "instance", "Tags", tags),
            Map.of("ResourceType", "volume", "Tags", tags),
            Map.of("ResourceType", "network-interface", "Tags", tags)));
    template.addPropertyOverride(
        "TagSpecifications", List.of(Map.of("ResourceType", "launch-template", "Tags", tags)));
    return template;
  }

  private CfnComputeEnvironment newEnvironment(
      String id, boolean isSpot, CfnLaunchTemplate template, int jobs, List<String> subnetIds) {
    CfnComputeEnvironment environment =
        CfnComputeEnvironment.Builder.create(this, id)
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
                    .maxvCpus(maxVcpus(jobs))
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
    Optional<String> parameter =
        props
            .getAmiParameter()
            .or(
                () ->
                    machines.kind() == AcceleratorKind.NEURON
                        ? Optional.of(NEURON_AMI)
                        : Optional.empty());
    return CfnComputeEnvironment.Ec2ConfigurationObjectProperty.builder()
        .imageType(machines.kind() == AcceleratorKind.NVIDIA ? "ECS_AL2023_NVIDIA" : "ECS_AL2023")
        .imageIdOverride(
            parameter
                .map(
                    it ->
                        StringParameter.valueForTypedStringParameterV2(
                            this, it, ParameterValueType.AWS_EC2_IMAGE_ID))
                .orElse(null))
        .build();
  }

  private List<String> subnetIds() {
    return props.getNetwork().getSubnets().stream().map(ISubnet::getSubnetId).toList();
  }

  private List<CfnComputeEnvironment> environments() {
    List<CfnComputeEnvironment> environments = new ArrayList<>(List.of(spot));
    onDemand.ifPresent(environments::add);
    return environments;
  }

  private CfnJobQueue newQueue(String id, List<CfnComputeEnvironment> environments) {
    return CfnJobQueue.Builder.create(this, id)
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

  // ---- jobs

  private Role newJobRole() {
    Role role =
        Role.Builder.create(this, "JobRole")
            .description("Training: reads datasets, keeps checkpoints, writes models")
            .path(props.getRolePath())
            .assumedBy(ServiceTrust.ofResources(this, "ecs-tasks.amazonaws.com", "ecs", "*"))
            .build();
    MlDataBucketGrants grants = props.getData().getGrants();
    grants.readDatasets(role);
    grants.readCheckpoints(role);
    grants.writeCheckpoints(role);
    props
        .getModelVersion()
        .ifPresentOrElse(
            version -> grants.writeModels(role, version), () -> grants.writeModels(role));
    return role;
  }

  private CfnJobDefinition newJobDefinition() {
    return CfnJobDefinition.Builder.create(this, "Job")
        .jobDefinitionName(jobName)
        .type("container")
        .platformCapabilities(List.of("EC2"))
        .propagateTags(true)
        .retryStrategy(retry())
        .timeout(timeout())
        .containerProperties(container())
        .build();
  }

  private CfnJobDefinition newNodesJobDefinition() {
    int nodes = props.getNodes().orElseThrow();
    return CfnJobDefinition.Builder.create(this, "NodesJob")
        .jobDefinitionName(name("nodes"))
        .type("multinode")
        .propagateTags(true)
        .retryStrategy(retry())
        .timeout(timeout())
        .nodeProperties(
            CfnJobDefinition.NodePropertiesProperty.builder()
                .mainNode(0)
                .numNodes(nodes)
                .nodeRangeProperties(
                    List.of(
                        CfnJobDefinition.NodeRangePropertyProperty.builder()
                            .targetNodes("0:")
                            .container(container())
                            .build()))
                .build())
        .build();
  }

  /** On demand, since Batch takes spot machines for jobs on one machine alone. */
  private CfnJobQueue newNodesQueue() {
    // What is computed together is also handed around.
    CfnSecurityGroupIngress.Builder.create(this, "BetweenNodes")
        .groupId(securityGroup.getAttrGroupId())
        .sourceSecurityGroupId(securityGroup.getAttrGroupId())
        .ipProtocol("-1")
        .description("Machines of one job among themselves")
        .build();
    CfnPlacementGroup close =
        CfnPlacementGroup.Builder.create(this, "Placement").strategy("cluster").build();
    return newQueue(
        "NodesQueue",
        List.of(
            newEnvironment(
                "Nodes",
                false,
                newLaunchTemplate("NodesLaunchTemplate", Optional.of(close.getRef())),
                props.getNodes().orElseThrow(),
                subnetIds().subList(0, 1))));
  }

  private CfnJobDefinition.TimeoutProperty timeout() {
    return CfnJobDefinition.TimeoutProperty.builder()
        .attemptDurationSeconds(props.getMaxRuntime().toSeconds().intValue())
        .build();
  }

  private CfnJobDefinition.RetryStrategyProperty retry() {
    return CfnJobDefinition.RetryStrategyProperty.builder()
        .attempts(props.getAttempts())
        .evaluateOnExit(
            List.of(
                CfnJobDefinition.EvaluateOnExitProperty.builder()
                    .onStatusReason("Host EC2*")
                    .action("RETRY")
                    .build(),
                CfnJobDefinition.EvaluateOnExitProperty.builder()
                    .onReason("CannotPullContainerError:*")
                    .action("RETRY")
                    .build(),
                // Batch tries again what no entry names, such as a fault of the program.
                CfnJobDefinition.EvaluateOnExitProperty.builder()
                    .onReason("*")
                    .action("EXIT")
                    .build()))
        .build();
  }

  private ContainerPropertiesProperty container() {
    List<ResourceRequirementProperty> requirements =
        new ArrayList<>(List.of(requirement("VCPU", vcpus()), requirement("MEMORY", memoryMib())));
    if (machines.kind() == AcceleratorKind.NVIDIA && accelerators() > 0) {
      requirements.add(requirement("GPU", accelerators()));
    }
    return ContainerPropertiesProperty.builder()
        .image(props.getImage().in(this))
        .command(props.getCommand().isEmpty() ? null : props.getCommand())
        .jobRoleArn(jobRole.getRoleArn())
        .resourceRequirements(requirements)
        .environment(environment())
        .linuxParameters(linux())
        .logConfiguration(
            CfnJobDefinition.LogConfigurationProperty.builder()
                .logDriver("awslogs")
                .options(
                    Map.of(
                        "awslogs-group", logGroup.getLogGroupName(),
                        "awslogs-region", Stack.of(this).getRegion(),
                        "awslogs-stream-prefix", "job"))
                .build())
        .build();
  }

  private static ResourceRequirementProperty requirement(String type, int value) {
    return ResourceRequirementProperty.builder().type(type).value(Integer.toString(value)).build();
  }

  private CfnJobDefinition.LinuxParametersProperty linux() {
    return CfnJobDefinition.LinuxParametersProperty.builder()
        // Loaders of data hand batches over in shared memory, of which Docker gives 64 MiB.
        .sharedMemorySize(memoryMib() / 4)
        .devices(
            machines.kind() == AcceleratorKind.NEURON
                ? IntStream.range(0, accelerators()).mapToObj(SpotTrainingFleet::neuron).toList()
                : null)
        .build();
  }

  private static CfnJobDefinition.DeviceProperty neuron(int number) {
    return CfnJobDefinition.DeviceProperty.builder()
        .hostPath("/dev/neuron" + number)
        .containerPath("/dev/neuron" + number)
        .permissions(List.of("READ", "WRITE"))
        .build();
  }

  private List<CfnJobDefinition.EnvironmentProperty> environment() {
    Map<String, String> variables = new TreeMap<>(props.getEnvironment());
    String bucket = props.getData().getBucket().getBucketName();
    String s3 = "s3://" + bucket + "/";
    variables.put("MLINFRA_BUCKET", bucket);
    variables.put("MLINFRA_DATASETS", s3 + props.getData().getPrefixes().datasets() + "/");
    variables.put("MLINFRA_CHECKPOINTS", s3 + props.getData().getPrefixes().checkpoints() + "/");
    variables.put(
        "MLINFRA_MODELS",
        s3
            + props.getData().getPrefixes().models()
            + "/"
            + props.getModelVersion().map(version -> version + "/").orElse(""));
    props.getModelVersion().ifPresent(version -> variables.put("GIT_SHA", version));
    return variables.entrySet().stream()
        .map(
            entry ->
                CfnJobDefinition.EnvironmentProperty.builder()
                    .name(entry.getKey())
                    .value(entry.getValue())
                    .build())
        .toList();
  }

  // ---- common

  private List<String> queues() {
    List<String> queues = new ArrayList<>(List.of(queue.getAttrJobQueueArn()));
    nodesQueue.ifPresent(it -> queues.add(it.getAttrJobQueueArn()));
    return queues;
  }

  private String name(String part) {
    return Names.uniqueResourceName(
            this, UniqueResourceNameOptions.builder().maxLength(120).separator("-").build())
        + (part.isEmpty() ? "" : "-" + part);
  }

  private String ecs(String resourceName) {
    return arn("ecs", resourceName);
  }

  private String batch(String resourceName) {
    return arn("batch", resourceName);
  }

  private String arn(String service, String resourceName) {
    Stack stack = Stack.of(this);
    return "arn:%s:%s:%s:%s:%s"
        .formatted(
            stack.getPartition(), service, stack.getRegion(), stack.getAccount(), resourceName);
  }

  private void warn(String region) {
    int zones = props.getNetwork().getSubnets().size();
    if (props.getInstanceTypes().size() < 4 || zones < 2) {
      Annotations.of(this)
          .addWarningV2(
              "mlinfra::fleet.spread",
              "capacity is looked for in %d x %d pools (types x zones): 4 types in 2 zones find it more often"
                  .formatted(props.getInstanceTypes().size(), zones));
    }
    String unpriced = machines.unpriced(PriceBook.bundled(), region);
    if (!unpriced.isEmpty()) {
      Annotations.of(this)
          .addWarningV2(
              "mlinfra::fleet.notPriced",
              "no source for the price of " + unpriced + ": the budget of a job leaves it out");
    }
  }
}
