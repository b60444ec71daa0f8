package dev.mlinfra.cost.internal.pulumi;

import static dev.mlinfra.cost.internal.pulumi.Graphs.linkedTo;
import static dev.mlinfra.cost.internal.pulumi.Graphs.resource;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.cost.Estimate;
import dev.mlinfra.cost.LineItem;
import dev.mlinfra.cost.Usd;
import dev.mlinfra.cost.internal.Pricing;
import dev.mlinfra.cost.internal.pulumi.aws.AwsPricers;
import dev.mlinfra.cost.internal.pulumi.azure.AzurePricers;
import dev.mlinfra.cost.internal.pulumi.gcp.GcpPricers;
import dev.mlinfra.cost.internal.pulumi.kubernetes.KubernetesPricers;
import dev.mlinfra.cost.internal.pulumi.runpod.RunPodPricers;
import dev.mlinfra.template.Model;
import dev.mlinfra.template.ResolvedModel;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Stack;
import dev.mlinfra.template.Value;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever stands anywhere in an input: nothing is thrown, every resource has a line or a reason,
 * and the worst case is not less than what is expected.
 */
class WrongKindsTest {
  private static final List<Value> KINDS =
      List.of(
          new Value.Text("x"),
          new Value.Text(""),
          new Value.Text("NaN"),
          new Value.Text("1e999999"),
          new Value.Text("training"),
          new Value.Num(new BigDecimal("-1.5")),
          new Value.Num(new BigDecimal("0")),
          new Value.Num(new BigDecimal("1e9")),
          new Value.Num(new BigDecimal("1e400")),
          new Value.Num(new BigDecimal("1e-400")),
          new Value.Bool(true),
          new Value.Null(),
          new Value.Secret(),
          new Value.Unknown("pulumi output", new Value.Null()),
          new Value.Sequence(List.of(new Value.Null(), new Value.Text("x"))),
          new Value.Mapping(Map.of("x", new Value.Null())));

  private static final String TEMPLATE = "gcp:compute/instanceTemplate:InstanceTemplate";
  private static final String GROUP = "gcp:compute/instanceGroupManager:InstanceGroupManager";
  private static final String SET = "azure-native:compute:VirtualMachineScaleSet";

  /** What others read. */
  private static final Set<String> READ =
      Set.of(
          TEMPLATE,
          "gcp:compute/autoscaler:Autoscaler",
          "gcp:container/cluster:Cluster",
          "gcp:container/nodePool:NodePool",
          "azure-native:insights:AutoscaleSetting",
          "azure-native:containerservice:ManagedCluster",
          "azure-native:containerservice:AgentPool",
          "aws:eks/nodeGroup:NodeGroup",
          "kubernetes:storage.k8s.io/v1:StorageClass");

  /** What reads the inputs of others. */
  private static final Set<String> READERS =
      Set.of(
          GROUP,
          SET,
          "gcp:container/nodePool:NodePool",
          "kubernetes:batch/v1:Job",
          "kubernetes:core/v1:PersistentVolumeClaim");

  private static final List<String> CLOUDS =
      List.of(
          resource(
              "gcp:compute/instance:Instance",
              "machine",
              "machineType: n1-standard-4, zone: us-central1-a, desiredStatus: TERMINATED,"
                  + " scheduling: {preemptible: true, provisioningModel: SPOT}, guestAccelerators:"
                  + " [{type: nvidia-tesla-t4, count: 1}], bootDisk: {initializeParams: {size: 10,"
                  + " type: pd-ssd}}, scratchDisks: [{size: 375}]"),
          resource(
              TEMPLATE,
              "template",
              "machineType: n1-standard-4, disks: [{diskSizeGb: 50, diskType: pd-ssd}]"),
          resource(
              GROUP, "group", "targetSize: 2, zone: a", linkedTo("versions", TEMPLATE, "template")),
          resource(
              "gcp:compute/autoscaler:Autoscaler",
              "autoscaler",
              "autoscalingPolicy: {minReplicas: 1, maxReplicas: 2}",
              linkedTo("target", GROUP, "group")),
          resource("gcp:compute/disk:Disk", "disk", "zone: us-central1-a, size: 1, type: pd-ssd"),
          resource(
              "gcp:cloudrunv2/service:Service",
              "service",
              "location: us-central1, template: {scaling: {minInstanceCount: 0, maxInstanceCount:"
                  + " 2}, containers: [{resources: {cpuIdle: true, limits: {cpu: '1', memory:"
                  + " 1Gi}}}]}"),
          resource(
              "gcp:cloudrunv2/job:Job",
              "run",
              "location: us-central1, labels: {workload: training}, template: {taskCount: 2,"
                  + " template: {maxRetries: 1, timeout: 60s, containers: [{resources: {limits:"
                  + " {cpu: '1', memory: 1Gi}}}]}}"),
          resource("gcp:storage/bucket:Bucket", "bucket", "location: EU, storageClass: STANDARD"),
          resource("gcp:artifactregistry/repository:Repository", "images", "location: us"),
          resource("gcp:compute/address:Address", "address", "addressType: EXTERNAL, region: a"),
          resource("gcp:compute/routerNat:RouterNat", "nat", "region: us-central1"),
          resource(
              "azure-native:compute:VirtualMachine",
              "vm",
              "location: eastus, hardwareProfile: {vmSize: Standard_D4s_v5}, priority: Spot,"
                  + " osProfile: {windowsConfiguration: null}, storageProfile: {osDisk: {osType:"
                  + " Linux}}"),
          resource(
              SET,
              "set",
              "location: eastus, sku: {name: Standard_D4s_v5, capacity: 1}, virtualMachineProfile:"
                  + " {priority: Spot, osProfile: {windowsConfiguration: null}}"),
          resource(
              "azure-native:insights:AutoscaleSetting",
              "setting",
              "profiles: [{capacity: {minimum: '1', maximum: '3'}}]",
              linkedTo("targetResourceUri", SET, "set")),
          resource(
              "azure-native:containerservice:ManagedCluster",
              "aks",
              "location: eastus, sku: {tier: Standard}, agentPoolProfiles: [{vmSize:"
                  + " Standard_D4s_v5, count: 1, enableAutoScaling: true, minCount: 0, maxCount: 2,"
                  + " osType: Linux, osDiskType: Managed, scaleSetPriority: Spot}]"),
          resource(
              "azure-native:containerservice:AgentPool",
              "agents",
              "vmSize: Standard_D4s_v5, count: 1, enableAutoScaling: true, minCount: 0, maxCount:"
                  + " 2, tags: {workload: training}"),
          resource(
              "azure-native:machinelearningservices:Compute",
              "compute",
              "location: eastus, properties: {computeType: AmlCompute, properties: {vmSize:"
                  + " Standard_D4s_v5, vmPriority: LowPriority, osType: Linux, scaleSettings:"
                  + " {minNodeCount: 0, maxNodeCount: 2}}}"),
          resource(
              "azure-native:machinelearningservices:OnlineDeployment",
              "deployment",
              "location: eastus, sku: {capacity: 1}, onlineDeploymentProperties:"
                  + " {endpointComputeType: Managed, instanceType: Standard_D4s_v5}"),
          resource(
              "azure-native:storage:StorageAccount",
              "account",
              "location: eastus, sku: {name: Standard_LRS}, accessTier: Hot"),
          resource("azure-native:containerregistry:Registry", "registry", "sku: {name: Basic}"),
          resource(
              "mlinfra-runpod:index:Pod",
              "pod",
              "gpu: {id: NVIDIA A40, count: 1}, cloud: SECURE, disk: 10, mounts: {persistent:"
                  + " {size: 10}}"),
          resource(
              "runpod:index:Pod",
              "pods",
              "gpuTypeIdList: [NVIDIA A40, NVIDIA H200], gpuCount: 1, cloudType: ALL,"
                  + " containerDiskInGb: 1, volumeInGb: 1"),
          resource(
              "mlinfra-runpod:index:Endpoint",
              "endpoint",
              "gpu: {pools: [AMPERE_24], count: 1}, workers: {min: 0, max: 2}, timeout: 1000"),
          resource(
              "runpod:index:Endpoint",
              "endpoints",
              "gpuIds: 'AMPERE_24,ADA_24', workersMin: 0, workersMax: 2, executionTimeoutMs: 1000"),
          resource("runpod:index:NetworkVolume", "volume", "size: 2000, type: STANDARD"),
          resource(
              "aws:ec2/instance:Instance",
              "ec2",
              "instanceType: m5.large, availabilityZone: us-east-1a, instanceMarketOptions:"
                  + " {marketType: spot}, rootBlockDevice: {volumeSize: 10, volumeType: gp3}"),
          resource("aws:s3/bucket:Bucket", "s3", "bucket: a"));

  private static final List<String> GKE =
      List.of(
          resource(
              "gcp:container/cluster:Cluster",
              "gke",
              "location: us-central1, nodeLocations: [a], removeDefaultNodePool: false,"
                  + " enableAutopilot: false, initialNodeCount: 1, nodePools: [{nodeCount: 1,"
                  + " nodeConfig: {machineType: n1-standard-4}}], clusterAutoscaling: {enabled:"
                  + " false}"),
          resource(
              "gcp:container/nodePool:NodePool",
              "pool",
              "location: us-central1, nodeLocations: [a], autoscaling: {minNodeCount: 0,"
                  + " maxNodeCount: 2, totalMinNodeCount: 1, totalMaxNodeCount: 3}, nodeCount: 1,"
                  + " nodeConfig: {machineType: n1-standard-4, diskSizeGb: 50, diskType: pd-ssd,"
                  + " spot: true, resourceLabels: {workload: training}, guestAccelerators: [{type:"
                  + " nvidia-tesla-t4, count: 1}]}"));

  private static final List<String> EKS =
      List.of(
          resource("aws:eks/cluster:Cluster", "eks", "name: a"),
          resource(
              "aws:eks/nodeGroup:NodeGroup",
              "nodes",
              "instanceTypes: [m5.large], capacityType: SPOT, diskSize: 10, launchTemplate: null,"
                  + " scalingConfig: {minSize: 0, maxSize: 2}"));

  private static final List<String> KUBERNETES =
      List.of(
          resource(
              "kubernetes:core/v1:Service",
              "balancer",
              "metadata: {annotations: {service.beta.kubernetes.io/aws-load-balancer-type: nlb}},"
                  + " spec: {type: LoadBalancer}"),
          resource(
              "kubernetes:core/v1:PersistentVolumeClaim",
              "claim",
              "spec: {volumeName: null, storageClassName: standard, resources: {requests:"
                  + " {storage: 1Gi}}}"),
          resource(
              "kubernetes:storage.k8s.io/v1:StorageClass",
              "class",
              "metadata: {name: standard}, parameters: {type: pd-ssd}"),
          resource(
              "kubernetes:apps/v1:StatefulSet",
              "stateful",
              "spec: {replicas: 2, volumeClaimTemplates: [{spec: {resources: {requests: {storage:"
                  + " 1Gi}}}}]}"),
          resource(
              "kubernetes:batch/v1:Job",
              "job",
              "metadata: {labels: {workload: training}}, spec: {parallelism: 1, completions: 1,"
                  + " backoffLimit: 1, activeDeadlineSeconds: 60, template: {spec:"
                  + " {activeDeadlineSeconds: 60}}}"),
          resource(
              "kubernetes:batch/v1:CronJob",
              "cron",
              "spec: {concurrencyPolicy: Forbid, jobTemplate: {spec: {activeDeadlineSeconds: 60}}}"),
          resource(
              "kubernetes:kubeflow.org/v1:PyTorchJob",
              "distributed",
              "spec: {elasticPolicy: {maxReplicas: 2}, runPolicy: {activeDeadlineSeconds: 60},"
                  + " pytorchReplicaSpecs: {Worker: {replicas: 2}}}"));

  /** An object of Kubernetes has a cloud only where there is one cluster. */
  private static final List<Model> GRAPHS =
      List.of(graph(CLOUDS, List.of()), graph(GKE, KUBERNETES), graph(EKS, KUBERNETES));

  private static Model graph(List<String> clouds, List<String> objects) {
    return Graphs.model(Stream.concat(clouds.stream(), objects.stream()).toArray(String[]::new));
  }

  static Stream<Arguments> resources() {
    return GRAPHS.stream()
        .flatMap(graph -> graph.resources().stream().map(it -> Arguments.of(graph, it)));
  }

  @ParameterizedTest
  @MethodSource("resources")
  void itAndWhatReadsItHaveALineOrAReason(Model graph, Resource resource) {
    for (Value changed : changed(resource.properties())) {
      Model model = with(graph, resource, changed);
      ResolvedModel resolved = ResolvedModel.of(model);
      for (Resource priced : model.resources()) {
        boolean reads = READ.contains(resource.type()) && READERS.contains(priced.type());
        if (reads || priced.id().equals(resource.id())) {
          Pricing pricing = new Pricing(resolved, Graphs.BOOK, "dev", Graphs.USAGE);
          try {
            pricing.price(priced);
          } catch (RuntimeException e) {
            throw new AssertionError(priced.id() + " with " + changed.toJson(), e);
          }
          check(pricing.estimate(), changed);
        }
      }
    }
  }

  private static void check(Estimate estimate, Value changed) {
    assertThat(estimate.items().size() + estimate.explained().size()).isPositive();
    for (LineItem item : estimate.items()) {
      Usd expected = item.expected().usd();
      boolean isLess =
          item.worstUsd().high() < expected.high() || item.worstUsd().low() < expected.low();
      if (isLess || item.expected().why().isBlank()) {
        throw new AssertionError(item + " with " + changed.toJson());
      }
    }
    estimate.jobs().forEach(job -> assertThat(job.usd()).isNotNull());
  }

  @Test
  void everyPricerIsTried() {
    Set<String> tried =
        GRAPHS.stream()
            .flatMap(graph -> graph.resources().stream())
            .map(PulumiPricers::type)
            .collect(Collectors.toSet());
    assertThat(
            Stream.of(
                    GcpPricers.ALL,
                    AzurePricers.ALL,
                    KubernetesPricers.ALL,
                    RunPodPricers.ALL,
                    AwsPricers.ALL)
                .flatMap(List::stream))
        .allSatisfy(pricer -> assertThat(pricer.types()).containsAnyElementsOf(tried));
  }

  private static Model with(Model graph, Resource resource, Value properties) {
    Stack stack = graph.stacks().get(0);
    Map<String, Resource> resources = new LinkedHashMap<>(stack.resources());
    resources.put(
        resource.id().name(),
        new Resource(
            resource.id(),
            resource.type(),
            properties,
            resource.attributes(),
            resource.constructPath(),
            resource.sourceTrace(),
            resource.position()));
    return new Model(
        graph.kind(),
        List.of(
            new Stack(
                stack.id(),
                stack.name(),
                stack.account(),
                stack.region(),
                stack.nestedIn(),
                stack.file(),
                stack.transforms(),
                stack.parameters(),
                stack.mappings(),
                stack.conditions(),
                resources,
                stack.outputs())),
        graph.gaps());
  }

  /** The value with each of its parts, and itself, replaced by each kind. */
  private static List<Value> changed(Value value) {
    List<Value> all = new ArrayList<>(KINDS);
    value
        .asMap()
        .forEach(
            (key, child) -> {
              for (Value other : changed(child)) {
                Map<String, Value> entries = new LinkedHashMap<>(value.asMap());
                entries.put(key, other);
                all.add(new Value.Mapping(entries));
              }
            });
    for (int i = 0; i < value.asList().size(); i++) {
      for (Value other : changed(value.asList().get(i))) {
        List<Value> items = new ArrayList<>(value.asList());
        items.set(i, other);
        all.add(new Value.Sequence(items));
      }
    }
    return all;
  }
}
