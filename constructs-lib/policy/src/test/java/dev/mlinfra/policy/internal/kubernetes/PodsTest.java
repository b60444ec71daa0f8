package dev.mlinfra.policy.internal.kubernetes;

import static dev.mlinfra.policy.internal.PulumiStates.UNKNOWN;
import static dev.mlinfra.policy.internal.PulumiStates.resource;
import static dev.mlinfra.policy.internal.PulumiStates.urn;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.PulumiStates;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodsTest {
  private static final String CONTAINERS = "{spec: {containers: [{name: a}]}}";

  @ParameterizedTest
  @CsvSource({
    "core/v1:Pod, '', spec",
    "core/v1:PodTemplate, template, template.spec",
    "apps/v1:StatefulSet, spec.template, spec.template.spec",
    "apps/v1beta1:Deployment, spec.template, spec.template.spec",
    "apps/v1:DaemonSetPatch, spec.template, spec.template.spec",
    "batch/v1:Job, spec.template, spec.template.spec",
    "batch/v1:CronJob, spec.jobTemplate.spec.template, spec.jobTemplate.spec.template.spec",
    "kubeflow.org/v1:PyTorchJob, spec.pytorchReplicaSpecs.Master.template,"
        + " spec.pytorchReplicaSpecs.Master.template.spec",
    "ray.io/v1:RayCluster, spec.headGroupSpec.template, spec.headGroupSpec.template.spec",
  })
  void aPodIsFoundWhereItsKindHasIt(String type, String template, String spec) {
    String inputs = CONTAINERS;
    List<String> keys = template.isEmpty() ? List.of() : List.of(template.split("\\.", -1));
    for (int i = keys.size() - 1; i >= 0; i--) {
      inputs = "{" + keys.get(i) + ": " + inputs + "}";
    }
    String bare = inputs.substring(1, inputs.length() - 1);

    assertThat(paths(resource("kubernetes:" + type, "pod", bare))).containsExactly(spec);
  }

  @Test
  void everyTemplateOfAJobSetIsFound() {
    String job = "{template: {spec: {template: " + CONTAINERS + "}}}";

    assertThat(
            paths(
                resource(
                    "kubernetes:jobset.x-k8s.io/v1alpha2:JobSet",
                    "set",
                    "spec: {replicatedJobs: [" + job + ", " + job + "]}")))
        .containsExactly(
            "spec.replicatedJobs[0].template.spec.template.spec",
            "spec.replicatedJobs[1].template.spec.template.spec");
  }

  @Test
  void theItemsOfAListAreObjects() {
    assertThat(
            paths(
                resource("kubernetes:core/v1:PodList", "pods", "items: [" + CONTAINERS + ", {}]"),
                resource(
                    "kubernetes:core/v1:List",
                    "list",
                    "items: [{apiVersion: apps/v1, kind: Deployment, spec: {template: "
                        + CONTAINERS
                        + "}}, {apiVersion: v1, kind: Pod, spec: {}}]")))
        .containsExactly("items[0].spec.template.spec", "items[0].spec", "items[1].spec");
  }

  @Test
  void aStepWithADotOrABracketIsQuoted() {
    for (String key : List.of(".a", "a.b", "[a", "a[b")) {
      assertThat(
              paths(
                  resource(
                      "kubernetes:example.com/v1:Crew",
                      "crew",
                      "spec: {'" + key + "': {template: " + CONTAINERS + "}}")))
          .containsExactly("spec[\"" + key + "\"].template.spec");
    }
  }

  @Test
  void aListOfContainersThatIsNotKnownStandsForOne() {
    assertThat(
            containers(
                "spec: {containers: [{name: a}, {name: b}], initContainers: " + UNKNOWN + "}"))
        .containsExactly("spec.containers[0]", "spec.containers[1]", "spec.initContainers");
    assertThat(containers("spec: " + UNKNOWN)).containsExactly("spec.containers");
  }

  @Test
  void whatIsNoPodOfThisModelIsNone() {
    assertThat(
            paths(
                resource(
                    "kubernetes:kyverno.io/v1:ClusterPolicy",
                    "policy",
                    "spec: {rules: [{pattern: {spec: {template: " + CONTAINERS + "}}}]}"),
                resource("kubernetes:core/v1:Pod", "other", "spec: {}", "external: true"),
                resource("kubernetes:apps/v1:DeploymentPatch", "patch", "metadata: {name: a}")))
        .isEmpty();
  }

  @Test
  void theNamespaceIsTheOneOfTheProviderOrTheDefault() {
    String provider = urn("pulumi:providers:kubernetes", "cluster");

    assertThat(
            namespaces(
                resource("pulumi:providers:kubernetes", "cluster", "namespace: ml"),
                resource(
                    "kubernetes:core/v1:Pod", "a", "spec: {}", "provider: '" + provider + "::1'"),
                resource("kubernetes:core/v1:Pod", "b", "spec: {}")))
        .containsExactly("ml", "default");
  }

  @Test
  void aNamespaceThatIsNotKnownIsTheOneThatThePodDependsOn() {
    String namespace = urn("kubernetes:core/v1:Namespace", "agents");

    assertThat(
            namespaces(
                Workloads.namespace("agents", ""),
                resource(
                    "kubernetes:core/v1:Pod",
                    "a",
                    "metadata: {namespace: " + UNKNOWN + "}, spec: {}",
                    "propertyDependencies: {metadata: ['" + namespace + "']}"),
                resource(
                    "kubernetes:core/v1:Pod",
                    "b",
                    "metadata: {namespace: " + UNKNOWN + "}, spec: {}")))
        .containsExactly("agents", "a namespace");
  }

  @Test
  void aNamespaceWithoutAKnownNameIsCalledLikeItsResource() {
    String namespace = urn("kubernetes:core/v1:Namespace", "agents");

    assertThat(
            namespaces(
                resource("kubernetes:core/v1:Namespace", "agents", "metadata: {}"),
                resource(
                    "kubernetes:core/v1:Pod",
                    "a",
                    "metadata: {namespace: " + UNKNOWN + "}, spec: {}",
                    "propertyDependencies: {metadata: ['" + namespace + "']}")))
        .containsExactly("agents");
  }

  @Test
  void agentsOfTheClusterAreNoWorkloadsUnlessTheyTakeAnAccelerator() {
    String gpu = "{resources: {requests: {nvidia.com/gpu: 1}}}";

    assertThat(
            workloads(
                resource(
                    "kubernetes:core/v1:Pod",
                    "plugin",
                    "metadata: {namespace: kube-system}, spec: {}"),
                resource(
                    "kubernetes:core/v1:Pod",
                    "train",
                    "metadata: {namespace: kube-system}, spec: {containers: [" + gpu + "]}")))
        .containsExactly("train");
  }

  private static List<String> paths(String... resources) {
    return Pods.all(inspection(resources)).stream().map(Pod::at).toList();
  }

  private static List<String> containers(String pod) {
    Inspection inspection = inspection(resource("kubernetes:core/v1:Pod", "pod", pod));
    return Pods.all(inspection).get(0).containers().stream().map(Container::at).toList();
  }

  private static List<String> namespaces(String... resources) {
    return Pods.all(inspection(resources)).stream().map(pod -> pod.namespace().label()).toList();
  }

  private static List<String> workloads(String... resources) {
    return Pods.workloads(inspection(resources)).stream()
        .map(pod -> pod.resource().label())
        .toList();
  }

  private static Inspection inspection(String... resources) {
    return new Inspection(PulumiStates.of(resources), Map.of());
  }
}
