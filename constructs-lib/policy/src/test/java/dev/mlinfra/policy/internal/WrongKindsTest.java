package dev.mlinfra.policy.internal;

import static dev.mlinfra.policy.internal.PulumiStates.resource;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.clouds.CloudRules;
import dev.mlinfra.policy.internal.kubernetes.KubernetesRules;
import dev.mlinfra.template.Model;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Stack;
import dev.mlinfra.template.Value;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever stands anywhere in an input, no rule for graphs of Pulumi throws. */
class WrongKindsTest {
  private static final List<Value> KINDS =
      List.of(
          new Value.Text("x"),
          new Value.Text(""),
          new Value.Num(new BigDecimal("-1.5")),
          new Value.Bool(true),
          new Value.Null(),
          new Value.Secret(),
          new Value.Unknown("pulumi output", new Value.Null()),
          new Value.Sequence(List.of(new Value.Null(), new Value.Text("x"))),
          new Value.Mapping(Map.of("x", new Value.Null())));

  private static final Model GRAPH =
      PulumiStates.of(
          resource(
              "kubernetes:apps/v1:Deployment",
              "serve",
              "metadata: {namespace: ml, annotations: {a: b}}, spec: {template: {metadata:"
                  + " {annotations: {container.apparmor.security.beta.kubernetes.io/a: x}}, spec:"
                  + " {hostNetwork: true, serviceAccountName: a, automountServiceAccountToken:"
                  + " true, nodeSelector: {a: b}, tolerations: [{key: a, value: b}], volumes:"
                  + " [{name: a, hostPath: {path: /}}], securityContext: {runAsUser: 0, sysctls:"
                  + " [{name: a}], seLinuxOptions: {type: a}, seccompProfile: {type: a},"
                  + " appArmorProfile: {type: a}}, containers: [{name: a, image: a, ports:"
                  + " [{hostPort: 1}], env: [{name: TOKEN, value: x}], resources: {requests:"
                  + " {nvidia.com/gpu: 1}, limits: {nvidia.com/gpu: 1, memory: 1Gi}},"
                  + " securityContext: {privileged: true, capabilities: {add: [A], drop:"
                  + " [B]}}}]}}}"),
          resource("kubernetes:batch/v1:Job", "job", "spec: {backoffLimit: 1}"),
          resource("kubernetes:core/v1:List", "list", "items: [{apiVersion: v1, kind: Pod}]"),
          resource("kubernetes:core/v1:Namespace", "ml", "metadata: {name: ml, labels: {a: b}}"),
          resource(
              "kubernetes:networking.k8s.io/v1:NetworkPolicy",
              "deny",
              "metadata: {namespace: ml}, spec: {podSelector: {matchLabels: {a: b}}, policyTypes:"
                  + " [Ingress], ingress: [{from: []}]}"),
          resource(
              "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding",
              "binding",
              "subjects: [{kind: ServiceAccount, name: a, namespace: ml}]"),
          resource(
              "kubernetes:core/v1:ServiceAccount",
              "account",
              "metadata: {name: a, namespace: ml, annotations: {a: b}}"),
          resource(
              "kubernetes:core/v1:Service",
              "service",
              "metadata: {annotations: {a: b}}, spec: {type: LoadBalancer,"
                  + " loadBalancerSourceRanges: [10.0.0.0/8]}"),
          resource("kubernetes:core/v1:Secret", "secret", "stringData: {a: b}"),
          resource("gcp:storage/bucketIAMBinding:BucketIAMBinding", "g", "role: a, members: [b]"),
          resource("gcp:projects/iAMPolicy:IAMPolicy", "p", "policyData: '{}'"),
          resource(
              "gcp:compute/firewall:Firewall",
              "f",
              "sourceRanges: [a], allows: [{protocol: tcp, ports: ['22']}]"),
          resource(
              "gcp:container/nodePool:NodePool",
              "pool",
              "nodeConfig: {machineType: a2-highgpu-1g, guestAccelerators: [{count: 1}]},"
                  + " autoscaling: {minNodeCount: 1}"),
          resource(
              "gcp:container/cluster:Cluster",
              "gke",
              "masterAuthorizedNetworksConfig: {cidrBlocks: [{cidrBlock: a}]}"),
          resource("gcp:storage/bucketACL:BucketACL", "acl", "roleEntities: [a]"),
          resource("gcp:bigquery/dataset:Dataset", "set", "accesses: [{specialGroup: a}]"),
          resource(
              "azure-native:machinelearningservices:Compute",
              "compute",
              "properties: {computeType: ComputeInstance, properties: {schedules:"
                  + " {computeStartStop: [{action: Stop}]}}}"),
          resource(
              "azure-native:containerservice:ManagedCluster",
              "aks",
              "agentPoolProfiles: [{vmSize: Standard_NC6, count: 1}], apiServerAccessProfile:"
                  + " {authorizedIPRanges: [a]}"),
          resource(
              "azure-native:network:NetworkSecurityGroup",
              "nsg",
              "securityRules: [{access: Allow, direction: Inbound, protocol: Tcp,"
                  + " sourceAddressPrefix: a, destinationPortRanges: ['22']}]"),
          resource(
              "azure-native:authorization:RoleAssignment", "r", "roleDefinitionId: a, scope: b"),
          resource("aws:ssm/parameter:Parameter", "ssm", "type: a, value: b"));

  private static final List<Rule> RULES =
      Stream.concat(KubernetesRules.ALL.stream(), CloudRules.ALL.stream()).toList();

  static List<Resource> resources() {
    return GRAPH.resources();
  }

  @ParameterizedTest
  @MethodSource("resources")
  void noRuleThrows(Resource resource) {
    for (Value changed : changed(resource.properties())) {
      Inspection inspection = new Inspection(with(resource, changed), Map.of());
      Outcomes outcomes = new Outcomes();
      for (Rule rule : RULES) {
        try {
          rule.check(inspection, outcomes.of(rule));
        } catch (RuntimeException e) {
          throw new AssertionError(rule.id() + " fails for " + changed.toJson(), e);
        }
      }
      assertThat(outcomes.all()).isNotEmpty();
    }
  }

  private static Model with(Resource resource, Value properties) {
    Stack stack = GRAPH.stacks().get(0);
    Map<String, Resource> resources = new LinkedHashMap<>(stack.resources());
    resources.put(resource.id().name(), resource.withProperties(properties));
    return new Model(GRAPH.kind(), List.of(stack.withResources(resources)), GRAPH.gaps());
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
