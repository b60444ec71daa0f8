package dev.mlinfra.aws;

import dev.mlinfra.aws.internal.FleetPlan;
import dev.mlinfra.aws.internal.ServiceTrust;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.batch.CfnJobDefinition;
import software.amazon.awscdk.services.batch.CfnJobDefinition.ContainerPropertiesProperty;
import software.amazon.awscdk.services.batch.CfnJobDefinition.DeviceProperty;
import software.amazon.awscdk.services.batch.CfnJobDefinition.ResourceRequirementProperty;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.logs.ILogGroup;
import software.constructs.Construct;

/** The jobs of a fleet: on one machine, and where wanted on several; and the program's role. */
final class FleetJobs {
  private final Construct scope;
  private final SpotTrainingFleetProps props;
  private final FleetPlan plan;
  private final ILogGroup logGroup;
  private final Role role;
  private final CfnJobDefinition definition;
  private final Optional<CfnJobDefinition> nodesDefinition;

  /**
   * @param name of the definition of jobs on one machine
   * @param nodesName of that of jobs on several
   */
  FleetJobs(
      Construct scope,
      SpotTrainingFleetProps props,
      FleetPlan plan,
      ILogGroup logGroup,
      String name,
      String nodesName) {
    this.scope = scope;
    this.props = props;
    this.plan = plan;
    this.logGroup = logGroup;
    role = newRole();
    definition =
        common("Job", name, "container")
            .platformCapabilities(List.of("EC2"))
            .containerProperties(container(List.of()).build())
            .build();
    nodesDefinition =
        props.getNodes().isPresent() ? Optional.of(onNodes(nodesName)) : Optional.empty();
  }

  Role role() {
    return role;
  }

  CfnJobDefinition definition() {
    return definition;
  }

  Optional<CfnJobDefinition> nodesDefinition() {
    return nodesDefinition;
  }

  private Role newRole() {
    Role made =
        Role.Builder.create(scope, "JobRole")
            .description("Training: reads datasets, keeps checkpoints, writes models")
            .path(props.getRolePath())
            .assumedBy(ServiceTrust.ofResources(scope, "ecs-tasks.amazonaws.com", "ecs", "*"))
            .build();
    MlDataBucketGrants grants = props.getData().getGrants();
    grants.readDatasets(made);
    grants.readCheckpoints(made);
    grants.writeCheckpoints(made);
    props
        .getModelVersion()
        .ifPresentOrElse(
            version -> grants.writeModels(made, version), () -> grants.writeModels(made));
    return made;
  }

  private CfnJobDefinition.Builder common(String id, String name, String type) {
    return CfnJobDefinition.Builder.create(scope, id)
        .jobDefinitionName(name)
        .type(type)
        .propagateTags(true)
        .retryStrategy(retry())
        .timeout(
            CfnJobDefinition.TimeoutProperty.builder()
                .attemptDurationSeconds(props.getMaxRuntime().toSeconds().intValue())
                .build());
  }

  private CfnJobDefinition onNodes(String name) {
    ContainerPropertiesProperty.Builder container = container(adapters());
    if (plan.efaInterfaces() > 0) {
      // The adapter reads and writes the program's memory, which must stay where it is.
      container.ulimits(
          List.of(
              CfnJobDefinition.UlimitProperty.builder()
                  .name("memlock")
                  .softLimit(-1)
                  .hardLimit(-1)
                  .build()));
    }
    return common("NodesJob", name, "multinode")
        .nodeProperties(
            CfnJobDefinition.NodePropertiesProperty.builder()
                .mainNode(0)
                .numNodes(props.getNodes().orElseThrow())
                .nodeRangeProperties(
                    List.of(
                        CfnJobDefinition.NodeRangePropertyProperty.builder()
                            .targetNodes("0:")
                            .container(container.build())
                            .build()))
                .build())
        .build();
  }

  private List<DeviceProperty> adapters() {
    return IntStream.range(0, plan.efaInterfaces())
        .mapToObj(number -> device("/dev/infiniband/uverbs" + number))
        .toList();
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
                // SIGTERM: the program ended with its checkpoint before Batch saw the host go.
                CfnJobDefinition.EvaluateOnExitProperty.builder()
                    .onExitCode("143")
                    .action("RETRY")
                    .build(),
                // Batch tries again what no entry names, such as a fault of the program.
                CfnJobDefinition.EvaluateOnExitProperty.builder()
                    .onReason("*")
                    .action("EXIT")
                    .build()))
        .build();
  }

  private ContainerPropertiesProperty.Builder container(List<DeviceProperty> adapters) {
    List<ResourceRequirementProperty> requirements =
        new ArrayList<>(
            List.of(requirement("VCPU", plan.vcpus()), requirement("MEMORY", plan.memoryMib())));
    if (plan.kind() == AcceleratorKind.NVIDIA && plan.accelerators() > 0) {
      requirements.add(requirement("GPU", plan.accelerators()));
    }
    return ContainerPropertiesProperty.builder()
        .image(props.getImage().in(scope))
        .command(props.getCommand().isEmpty() ? null : props.getCommand())
        .jobRoleArn(role.getRoleArn())
        .resourceRequirements(requirements)
        .environment(environment())
        .linuxParameters(linux(adapters))
        .logConfiguration(
            CfnJobDefinition.LogConfigurationProperty.builder()
                .logDriver("awslogs")
                .options(
                    Map.of(
                        "awslogs-group", logGroup.getLogGroupName(),
                        "awslogs-region", Stack.of(scope).getRegion(),
                        "awslogs-stream-prefix", "job"))
                .build());
  }

  private static ResourceRequirementProperty requirement(String type, int value) {
    return ResourceRequirementProperty.builder().type(type).value(Integer.toString(value)).build();
  }

  private CfnJobDefinition.LinuxParametersProperty linux(List<DeviceProperty> adapters) {
    List<DeviceProperty> devices = new ArrayList<>(adapters);
    if (plan.kind() == AcceleratorKind.NEURON) {
      IntStream.range(0, plan.accelerators())
          .forEach(number -> devices.add(device("/dev/neuron" + number)));
    }
    return CfnJobDefinition.LinuxParametersProperty.builder()
        // Loaders of data hand batches over in shared memory, of which Docker gives 64 MiB.
        .sharedMemorySize(plan.memoryMib() / 4)
        .devices(devices.isEmpty() ? null : devices)
        .build();
  }

  private static DeviceProperty device(String path) {
    return DeviceProperty.builder()
        .hostPath(path)
        .containerPath(path)
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
}
