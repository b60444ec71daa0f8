package dev.mlinfra.aws;

import dev.mlinfra.aws.internal.FargateRules;
import dev.mlinfra.aws.internal.ServiceTrust;
import dev.mlinfra.aws.internal.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import software.amazon.awscdk.Names;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.UniqueResourceNameOptions;
import software.amazon.awscdk.interfaces.ecs.IClusterRef;
import software.amazon.awscdk.services.ec2.ISecurityGroup;
import software.amazon.awscdk.services.ec2.ISubnet;
import software.amazon.awscdk.services.ec2.SecurityGroup;
import software.amazon.awscdk.services.ecs.CfnTaskDefinition;
import software.amazon.awscdk.services.ecs.CfnTaskDefinition.ContainerDefinitionProperty;
import software.amazon.awscdk.services.iam.IRole;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.logs.ILogGroup;
import software.amazon.awscdk.services.logs.LogGroup;
import software.constructs.Construct;

/** What tasks and services on Fargate have in common: definition, roles, logs, security group. */
final class FargateDefinition {
  /** Name of the program's container. */
  static final String PROGRAM = "program";

  private final Construct scope;
  private final String family;
  private final IClusterRef cluster;
  private final ILogGroup logGroup;
  private final Role executionRole;
  private final IRole taskRole;
  private final CfnTaskDefinition resource;
  private final IMlNetwork network;

  /**
   * Makes them below a scope.
   *
   * @param deadline seconds after which the task ends whatever it does; empty for never
   */
  FargateDefinition(Construct scope, FargateProps props, Optional<Integer> deadline) {
    this.scope = scope;
    network = props.getNetwork();
    network.require(FargateRules.needs(props));
    family =
        Names.uniqueResourceName(
            scope, UniqueResourceNameOptions.builder().maxLength(128).separator("-").build());
    cluster = props.getCluster().orElseGet(() -> newCluster(props));
    logGroup =
        LogGroup.Builder.create(scope, "Logs")
            .retention(props.getLogRetention())
            .removalPolicy(RemovalPolicy.DESTROY)
            .build();
    executionRole = role("ExecutionRole", "Starts tasks: pulls the image, writes the log", props);
    taskRole =
        props.getTaskRole().orElseGet(() -> role("TaskRole", "The program of the task", props));
    grant(props);
    resource =
        CfnTaskDefinition.Builder.create(scope, "Resource")
            .family(family)
            .networkMode("awsvpc")
            .requiresCompatibilities(List.of("FARGATE"))
            .cpu(Integer.toString(props.getCpu()))
            .memory(Integer.toString(props.getMemoryMb()))
            .ephemeralStorage(
                props.getStorageGb() == 20
                    ? null
                    : CfnTaskDefinition.EphemeralStorageProperty.builder()
                        .sizeInGiB(props.getStorageGb())
                        .build())
            .runtimePlatform(
                CfnTaskDefinition.RuntimePlatformProperty.builder()
                    .cpuArchitecture(props.isArm64() ? "ARM64" : "X86_64")
                    .operatingSystemFamily("LINUX")
                    .build())
            .executionRoleArn(executionRole.getRoleArn())
            .taskRoleArn(taskRole.getRoleArn())
            .containerDefinitions(containers(props, deadline))
            .build();
    // An older revision is what a rollback runs.
    resource.applyRemovalPolicy(RemovalPolicy.RETAIN);
  }

  /** Names of the secrets and parameters that there are, sorted. */
  static SortedSet<String> secretNames(FargateProps props) {
    SortedSet<String> names = new TreeSet<>();
    props
        .getSecrets()
        .ifPresent(
            secrets -> {
              names.addAll(secrets.getSecrets().keySet());
              names.addAll(secrets.getParameterArns().keySet());
            });
    return names;
  }

  CfnTaskDefinition resource() {
    return resource;
  }

  IClusterRef cluster() {
    return cluster;
  }

  String clusterName() {
    return cluster.getClusterRef().getClusterName();
  }

  String clusterArn() {
    return cluster.getClusterRef().getClusterArn();
  }

  ILogGroup logGroup() {
    return logGroup;
  }

  IRole executionRole() {
    return executionRole;
  }

  IRole taskRole() {
    return taskRole;
  }

  String family() {
    return family;
  }

  /** ARN of every revision. */
  String revisions() {
    return arn("task-definition/" + family + ":*");
  }

  /** ARN of every task in the cluster. */
  String tasks() {
    return arn("task/" + clusterName() + "/*");
  }

  List<String> subnetIds() {
    return network.getSubnets().stream().map(ISubnet::getSubnetId).toList();
  }

  String assignPublicIp() {
    return network.isPublicIp() ? "ENABLED" : "DISABLED";
  }

  ISecurityGroup newSecurityGroup() {
    return SecurityGroup.Builder.create(scope, "SecurityGroup")
        .vpc(network.getVpc())
        .description("Tasks: nothing comes in")
        .allowAllOutbound(true)
        .build();
  }

  /** What starting a task takes, on top of the right to start it. */
  List<Statement> start(String tasksOf) {
    return List.of(
        new Statement(
            "",
            List.of("ecs:RunTask"),
            List.of(tasksOf),
            Map.of("ArnEquals", Map.of("ecs:cluster", clusterArn()))),
        new Statement(
            "",
            List.of("ecs:TagResource"),
            List.of(tasks()),
            Map.of("StringEquals", Map.of("ecs:CreateAction", "RunTask"))),
        new Statement(
            "",
            List.of("iam:PassRole"),
            List.of(executionRole.getRoleArn(), taskRole.getRoleArn()),
            Map.of("StringEquals", Map.of("iam:PassedToService", "ecs-tasks.amazonaws.com"))));
  }

  private String arn(String resourceName) {
    Stack stack = Stack.of(scope);
    return "arn:%s:ecs:%s:%s:%s"
        .formatted(stack.getPartition(), stack.getRegion(), stack.getAccount(), resourceName);
  }

  private IClusterRef newCluster(FargateProps props) {
    return new TaskCluster(
            scope,
            "Cluster",
            TaskClusterProps.builder().containerInsights(props.isContainerInsights()).build())
        .getCluster();
  }

  private Role role(String id, String description, FargateProps props) {
    return Role.Builder.create(scope, id)
        .description(description)
        .path(props.getRolePath())
        .assumedBy(ServiceTrust.ofResources(scope, "ecs-tasks.amazonaws.com", "ecs", "*"))
        .build();
  }

  private void grant(FargateProps props) {
    props.getImage().grantPull(executionRole);
    Statement.of(
            "WriteLogs",
            List.of("logs:CreateLogStream", "logs:PutLogEvents"),
            List.of(logGroup.getLogGroupArn()))
        .addTo(executionRole);
    props
        .getSecrets()
        .ifPresent(
            secrets ->
                props.getSecretVariables().values().stream()
                    .distinct()
                    .sorted()
                    .forEach(name -> secrets.getGrants().read(executionRole, name)));
    if (props.getTaskRole().isPresent()) {
      return;
    }
    props
        .getData()
        .ifPresent(
            data -> {
              data.getGrants().readDatasets(taskRole);
              data.getGrants().writeModels(taskRole);
              data.getGrants().writeResults(taskRole);
            });
    if (props.isTracing()) {
      // These two know no resource.
      Statement.of(
              "WriteTraces",
              List.of("xray:PutTelemetryRecords", "xray:PutTraceSegments"),
              List.of("*"))
          .addTo(taskRole);
    }
  }

  private List<ContainerDefinitionProperty> containers(
      FargateProps props, Optional<Integer> deadline) {
    String image = props.getImage().in(scope);
    CfnTaskDefinition.LogConfigurationProperty logs =
        CfnTaskDefinition.LogConfigurationProperty.builder()
            .logDriver("awslogs")
            .options(
                Map.of(
                    "awslogs-group", logGroup.getLogGroupName(),
                    "awslogs-region", Stack.of(scope).getRegion(),
                    "awslogs-stream-prefix", "task"))
            .build();
    List<ContainerDefinitionProperty> containers = new ArrayList<>();
    containers.add(
        ContainerDefinitionProperty.builder()
            .name(PROGRAM)
            .image(image)
            .essential(true)
            .command(props.getCommand().isEmpty() ? null : props.getCommand())
            .environment(environment(props))
            .secrets(secrets(props))
            // As long as Fargate allows, and as the notice of spot capacity lasts.
            .stopTimeout(120)
            .logConfiguration(logs)
            .build());
    deadline.ifPresent(
        seconds ->
            containers.add(
                ContainerDefinitionProperty.builder()
                    .name("deadline")
                    .image(image)
                    // The end of an essential container ends the task.
                    .essential(true)
                    .entryPoint(List.of("sleep"))
                    .command(List.of(seconds.toString()))
                    .stopTimeout(2)
                    .logConfiguration(logs)
                    .build()));
    return containers;
  }

  private static List<CfnTaskDefinition.KeyValuePairProperty> environment(FargateProps props) {
    Map<String, String> variables = new TreeMap<>(props.getEnvironment());
    props
        .getData()
        .ifPresent(data -> variables.put("MLINFRA_BUCKET", data.getBucket().getBucketName()));
    return variables.entrySet().stream()
        .map(
            entry ->
                CfnTaskDefinition.KeyValuePairProperty.builder()
                    .name(entry.getKey())
                    .value(entry.getValue())
                    .build())
        .toList();
  }

  private static List<CfnTaskDefinition.SecretProperty> secrets(FargateProps props) {
    return new TreeMap<>(props.getSecretVariables())
        .entrySet().stream()
            .map(
                entry ->
                    CfnTaskDefinition.SecretProperty.builder()
                        .name(entry.getKey())
                        .valueFrom(props.getSecrets().orElseThrow().valueFrom(entry.getValue()))
                        .build())
            .toList();
  }
}
