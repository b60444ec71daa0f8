package dev.mlinfra.policy.internal.network;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Statement;
import dev.mlinfra.policy.internal.Statement.Kind;
import dev.mlinfra.policy.internal.Statements;
import dev.mlinfra.policy.internal.network.Workload.Need;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.ResourceId;
import dev.mlinfra.template.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Everything of a model that runs in a VPC and must reach services of AWS; see {@link #of}. */
final class Workloads {
  private static final String FARGATE_TASK = "fargate-task";
  private static final String ECS_INSTANCE = "ecs-instance";
  private static final String BY_SUBNET = "MapPublicIpOnLaunch: true on its subnets";
  private static final Set<String> FARGATE = Set.of("FARGATE", "FARGATE_SPOT");

  private final Inspection inspection;
  private final List<Workload> all = new ArrayList<>();
  private final Map<ResourceId, Set<String>> allowed = new HashMap<>();

  private Workloads(Inspection inspection) {
    this.inspection = inspection;
    for (Statement statement : Statements.of(inspection, Kind.IDENTITY)) {
      if (statement.allow()) {
        statement.identities().forEach(it -> allow(it, statement));
      }
    }
    inspection.resources("AWS::ECS::Service").forEach(this::service);
    inspection.resources("AWS::Scheduler::Schedule").forEach(this::schedule);
    inspection.resources("AWS::Events::Rule").forEach(this::rule);
    inspection.resources("AWS::Batch::ComputeEnvironment").forEach(this::computeEnvironment);
    inspection.resources("AWS::EKS::Nodegroup").forEach(this::nodegroup);
    inspection.resources("AWS::EKS::FargateProfile").forEach(this::podsOnFargate);
    inspection.resources("AWS::SageMaker::Model").forEach(this::model);
    inspection.resources("AWS::SageMaker::NotebookInstance").forEach(this::notebook);
    inspection.resources("AWS::SageMaker::Domain").forEach(this::domain);
    inspection
        .resources("AWS::Lambda::Function", "AWS::Serverless::Function")
        .forEach(this::function);
    inspection.resources("AWS::AutoScaling::AutoScalingGroup").forEach(this::scalingGroup);
    inspection.resources("AWS::EC2::Instance").forEach(this::instance);
  }

  /** Every workload in a VPC. */
  static List<Workload> of(Inspection inspection) {
    return List.copyOf(inspection.prepared(Workloads.class, Workloads::new).all);
  }

  private void allow(ResourceId identity, Statement statement) {
    for (Value action : statement.actions()) {
      action
          .asText()
          .ifPresent(it -> allowed.computeIfAbsent(identity, id -> new HashSet<>()).add(it));
    }
  }

  // ---- ECS

  private void service(Resource service) {
    Value properties = inspection.properties(service);
    task(
        service,
        properties,
        properties.entry("TaskDefinition"),
        "NetworkConfiguration.AwsvpcConfiguration");
  }

  private void schedule(Resource schedule) {
    Value target = inspection.property(schedule, "Target.EcsParameters");
    if (!target.isMissing()) {
      task(
          schedule,
          target,
          target.entry("TaskDefinitionArn"),
          "Target.EcsParameters.NetworkConfiguration.AwsvpcConfiguration");
    }
  }

  private void rule(Resource rule) {
    List<Value> targets = inspection.property(rule, "Targets").asList();
    for (int i = 0; i < targets.size(); i++) {
      Value parameters = targets.get(i).entry("EcsParameters");
      if (!parameters.isMissing()) {
        task(
            rule,
            parameters,
            parameters.entry("TaskDefinitionArn"),
            "Targets[" + i + "].EcsParameters.NetworkConfiguration.AwsVpcConfiguration");
      }
    }
  }

  private void task(Resource resource, Value parameters, Value definition, String path) {
    Value network = inspection.property(resource, path);
    // On instances of one's own it is the instance that fetches images, secrets and logs.
    if (network.isMissing() || !isFargate(parameters, definition)) {
      return;
    }
    Containers containers = Containers.ofTask(inspection, definition);
    Placement placement =
        new Placement(
            Decide.items(network.entry("Subnets")),
            Decide.items(network.entry("SecurityGroups")),
            Optional.of(Decide.oneOf(network.entry("AssignPublicIp"), "ENABLED")),
            "AssignPublicIp: ENABLED");
    add(
        resource,
        path + ".Subnets",
        "a Fargate task",
        placement,
        needs(FARGATE_TASK, containers),
        containers.roles());
  }

  private boolean isFargate(Value parameters, Value definition) {
    Value type = parameters.entry("LaunchType");
    List<Value> strategy = Decide.items(parameters.entry("CapacityProviderStrategy"));
    if (!type.isMissing()) {
      return type.asText().filter("FARGATE"::equals).isPresent();
    }
    if (!strategy.isEmpty()) {
      return strategy.stream()
          .anyMatch(
              it -> it.entry("CapacityProvider").asText().filter(FARGATE::contains).isPresent());
    }
    List<Value> platforms =
        inspection
            .named(definition)
            .map(it -> Decide.items(inspection.property(it, "RequiresCompatibilities")))
            .orElse(List.of());
    return platforms.equals(List.of(new Value.Text("FARGATE")));
  }

  private static List<Need> needs(String workload, Containers containers) {
    List<Need> needs = new ArrayList<>();
    for (String service : NeededServices.of(workload, containers.known(), Set.of())) {
      needs.add(Need.service(service));
    }
    for (String image : containers.otherImages()) {
      needs.add(
          Need.internet("the registry of the image " + image, true, "copy the image into ECR"));
    }
    if (containers.hasUnknownImage()) {
      needs.add(Need.internet("the registry of its image", false, ""));
    }
    return needs;
  }

  // ---- Batch

  private void computeEnvironment(Resource environment) {
    Value resources = inspection.property(environment, "ComputeResources");
    if (resources.isMissing()
        || !inspection.property(environment, "EksConfiguration").isMissing()) {
      return;
    }
    boolean fargate = resources.entry("Type").asText().filter(FARGATE::contains).isPresent();
    Machine machine = Machine.ofTemplate(inspection, resources.entry("LaunchTemplate"));
    List<Value> groups = Decide.items(resources.entry("SecurityGroupIds"));
    Containers containers = Containers.ofJobs(inspection, fargate);
    add(
        environment,
        "ComputeResources.Subnets",
        fargate ? "a Batch job on Fargate" : "a Batch instance",
        new Placement(
            Decide.items(resources.entry("Subnets")),
            groups.isEmpty() ? machine.groups() : groups,
            fargate ? Optional.of(publicJobs()) : machine.publicAddress(),
            fargate ? "AssignPublicIp: ENABLED in its job definition" : BY_SUBNET),
        needs(fargate ? FARGATE_TASK : ECS_INSTANCE, containers),
        containers.roles());
  }

  /** On Fargate it is the job that asks for a public address. */
  private Verdict publicJobs() {
    List<Resource> jobs = Containers.jobs(inspection, true);
    return jobs.isEmpty()
        ? Verdict.UNDECIDED
        : Verdict.worst(
            jobs.stream()
                .map(
                    it ->
                        Decide.oneOf(
                            inspection.property(
                                it, "ContainerProperties.NetworkConfiguration.AssignPublicIp"),
                            "ENABLED"))
                .toList());
  }

  // ---- EKS

  private void nodegroup(Resource nodegroup) {
    Machine machine =
        Machine.ofTemplate(
            inspection, idAsLaunchTemplateId(inspection.property(nodegroup, "LaunchTemplate")));
    List<Need> needs = new ArrayList<>(needs("eks-node", ofCluster(), Set.of()));
    needs.addAll(controlPlane(inspection.property(nodegroup, "ClusterName")));
    add(
        nodegroup,
        "Subnets",
        "a node",
        new Placement(
            Decide.items(inspection.property(nodegroup, "Subnets")),
            machine.groups().isEmpty()
                ? List.of(clusterGroup(inspection.property(nodegroup, "ClusterName")))
                : machine.groups(),
            machine.publicAddress(),
            BY_SUBNET),
        needs,
        roles(inspection.property(nodegroup, "NodeRole")));
  }

  /** EKS says {@code Id} where everything else says {@code LaunchTemplateId}. */
  private static Value idAsLaunchTemplateId(Value specification) {
    return specification.isMissing()
        ? specification
        : new Value.Mapping(Map.of("LaunchTemplateId", specification.entry("Id")));
  }

  private void podsOnFargate(Resource profile) {
    List<Need> needs = new ArrayList<>(needs("eks-fargate-pod", ofCluster(), Set.of()));
    needs.addAll(controlPlane(inspection.property(profile, "ClusterName")));
    add(
        profile,
        "Subnets",
        "a pod on Fargate",
        new Placement(
            Decide.items(inspection.property(profile, "Subnets")),
            List.of(clusterGroup(inspection.property(profile, "ClusterName"))),
            Optional.of(Verdict.VIOLATED),
            ""),
        needs,
        Set.of());
  }

  /** The group that EKS makes for a cluster, its nodes and its pods. */
  private Value clusterGroup(Value clusterName) {
    return inspection
        .named(clusterName)
        .<Value>map(it -> new Value.Reference(it.id(), Optional.of("ClusterSecurityGroupId")))
        .orElseGet(() -> new Value.Unknown("the group of a cluster", clusterName));
  }

  private Set<String> ofCluster() {
    Set<String> known = new LinkedHashSet<>();
    if (!inspection.resources("AWS::EKS::PodIdentityAssociation").isEmpty()) {
      known.add("pod-identity");
    }
    if (!inspection
        .resources("AWS::IAM::OIDCProvider", "Custom::AWSCDKOpenIdConnectProvider")
        .isEmpty()) {
      known.add("irsa");
    }
    return known;
  }

  /** Without private access the control plane is only on the internet, for nodes too. */
  private List<Need> controlPlane(Value clusterName) {
    Optional<Resource> cluster = inspection.named(clusterName);
    Value access =
        cluster
            .map(
                it ->
                    inspection.property(
                        it,
                        it.type().equals("AWS::EKS::Cluster")
                            ? "ResourcesVpcConfig.EndpointPrivateAccess"
                            : "Config.resourcesVpcConfig.endpointPrivateAccess"))
            .orElseGet(() -> new Value.Unknown("a cluster", clusterName));
    Verdict isPrivate = Decide.isTrue(access);
    return isPrivate == Verdict.COMPLIANT
        ? List.of()
        : List.of(
            Need.internet(
                "the control plane, which has no private access",
                isPrivate == Verdict.VIOLATED,
                "set EndpointPrivateAccess of the cluster to true"));
  }

  // ---- SageMaker and Lambda, whose interfaces never have a public address

  private void model(Resource model) {
    managed(model, "VpcConfig.Subnets", "VpcConfig.SecurityGroupIds", "a model", "sagemaker-model");
  }

  private void notebook(Resource notebook) {
    Value internet = inspection.property(notebook, "DirectInternetAccess");
    if (internet.asText().filter("Disabled"::equals).isPresent()) {
      managed(notebook, "SubnetId", "SecurityGroupIds", "a notebook", "sagemaker-notebook");
    }
  }

  private void domain(Resource domain) {
    Value access = inspection.property(domain, "AppNetworkAccessType");
    if (access.asText().filter("VpcOnly"::equals).isPresent()) {
      managed(
          domain,
          "SubnetIds",
          "DefaultUserSettings.SecurityGroups",
          "an app of the domain",
          "sagemaker-domain");
    }
  }

  private void managed(
      Resource resource, String subnets, String groups, String what, String workload) {
    add(
        resource,
        subnets,
        what,
        new Placement(
            Decide.items(inspection.property(resource, subnets)),
            Decide.items(inspection.property(resource, groups)),
            Optional.of(Verdict.VIOLATED),
            ""),
        needs(workload, Set.of(), Set.of()),
        roles(inspection.property(resource, "ExecutionRoleArn")));
  }

  private void function(Resource function) {
    Set<ResourceId> roles = roles(inspection.property(function, "Role"));
    Set<String> actions = new HashSet<>();
    roles.forEach(it -> actions.addAll(allowed.getOrDefault(it, Set.of())));
    add(
        function,
        "VpcConfig.SubnetIds",
        "a Lambda function",
        new Placement(
            Decide.items(inspection.property(function, "VpcConfig.SubnetIds")),
            Decide.items(inspection.property(function, "VpcConfig.SecurityGroupIds")),
            Optional.of(Verdict.VIOLATED),
            ""),
        needs("lambda-function", Set.of(), actions),
        roles);
  }

  // ---- instances

  private void scalingGroup(Resource group) {
    Value properties = inspection.properties(group);
    Value configuration = properties.entry("LaunchConfigurationName");
    Value template =
        properties.entry("LaunchTemplate").isMissing()
            ? properties.at("MixedInstancesPolicy.LaunchTemplate.LaunchTemplateSpecification")
            : properties.entry("LaunchTemplate");
    Machine machine =
        inspection
            .named(configuration)
            .map(it -> Machine.of(inspection.properties(it)))
            .orElseGet(() -> Machine.ofTemplate(inspection, template));
    instance(group, "VPCZoneIdentifier", machine);
  }

  private void instance(Resource instance) {
    Value properties = inspection.properties(instance);
    boolean ownInterface = !properties.at("NetworkInterfaces[0].SubnetId").isMissing();
    instance(
        instance,
        ownInterface ? "NetworkInterfaces[0].SubnetId" : "SubnetId",
        Machine.of(properties));
  }

  private void instance(Resource resource, String subnets, Machine machine) {
    Set<ResourceId> roles = machine.roles(inspection);
    boolean inCluster = machine.userData().toJson().contains("ECS_CLUSTER");
    List<Need> needs = new ArrayList<>();
    if (inCluster) {
      needs.addAll(needs(ECS_INSTANCE, Set.of(), Set.of()));
    }
    if (roles.stream().anyMatch(this::isManaged)) {
      needs.addAll(needs("managed-instance", Set.of(), Set.of()));
    }
    add(
        resource,
        subnets,
        inCluster ? "a container instance" : "an instance that Systems Manager manages",
        new Placement(
            Decide.items(inspection.property(resource, subnets)),
            machine.groups(),
            machine.publicAddress(),
            BY_SUBNET),
        needs,
        roles);
  }

  private boolean isManaged(ResourceId role) {
    Optional<Resource> resource = inspection.resource(role);
    return resource.isPresent()
        && Decide.items(inspection.property(resource.get(), "ManagedPolicyArns")).stream()
            .map(it -> it.resolvedText(inspection.context(resource.get())).suffix())
            .anyMatch(it -> it.endsWith("AmazonSSMManagedInstanceCore"));
  }

  // ---- common

  private Set<ResourceId> roles(Value role) {
    return inspection.named(role).map(it -> Set.of(it.id())).orElse(Set.of());
  }

  private static List<Need> needs(String workload, Set<String> known, Set<String> actions) {
    return NeededServices.of(workload, known, actions).stream().map(Need::service).toList();
  }

  private void add(
      Resource resource,
      String at,
      String what,
      Placement placement,
      List<Need> needs,
      Set<ResourceId> roles) {
    // What names no subnet runs in the account's default VPC, or in none.
    if (!placement.subnets().isEmpty()) {
      all.add(
          new Workload(
              resource, at, inspection.property(resource, at), what, placement, needs, roles));
    }
  }
}
