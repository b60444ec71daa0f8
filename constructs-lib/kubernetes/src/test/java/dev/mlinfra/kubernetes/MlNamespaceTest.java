package dev.mlinfra.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlinfra.core.CostTags;
import dev.mlinfra.template.Model;
import dev.mlinfra.template.Resource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MlNamespaceTest {
  private static final String POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy";

  @Test
  void deniesAndLimitsByDefault() {
    Model model =
        Samples.of(
            context ->
                new MlNamespace(
                    "jobs", MlNamespaceArgs.builder().namespaceName("ml-jobs").build()));

    Resource namespace = Samples.only(model, "core/v1:Namespace");
    for (String mode : List.of("enforce", "audit", "warn")) {
      assertThat(
              namespace
                  .property("metadata.labels")
                  .entry("pod-security.kubernetes.io/" + mode)
                  .asText())
          .contains("restricted");
    }
    Resource quota = Samples.only(model, "core/v1:ResourceQuota");
    assertThat(quota.property("spec.hard").toJson())
        .isEqualTo(
            "{\"limits.memory\":\"256Gi\",\"pods\":\"20\",\"requests.cpu\":\"64\","
                + "\"requests.memory\":\"256Gi\",\"requests.nvidia.com/gpu\":\"5\","
                + "\"requests.storage\":\"500Gi\",\"services.loadbalancers\":\"0\","
                + "\"services.nodeports\":\"0\"}");
    assertThat(
            Samples.only(model, "core/v1:ServiceAccount")
                .property("automountServiceAccountToken")
                .asBoolean())
        .contains(false);
    assertThat(
            model.resources(POLICY).stream()
                .map(it -> it.property("metadata.name").asText().orElse("")))
        .containsExactlyInAnyOrder("deny-all", "dns", "https-to-internet");
    assertThat(policy(model, "deny-all").property("spec").toJson())
        .isEqualTo("{\"podSelector\":{},\"policyTypes\":[\"Ingress\",\"Egress\"]}");
    assertThat(policy(model, "https-to-internet").property("spec.egress").toJson())
        .contains("\"except\":[\"169.254.0.0/16\"]")
        .contains("443");
  }

  @Test
  void allowsWhatIsNamed() {
    Model model =
        Samples.of(
            context ->
                new MlNamespace(
                    "jobs",
                    MlNamespaceArgs.builder()
                        .namespaceName("ml-jobs")
                        .maxGpus(0)
                        .gpuResource("aws.amazon.com/neuron")
                        .allowances(
                            List.of(
                                Allowance.fromNamespace("from-web", "web", 8080, 8081),
                                Allowance.toAddresses("to-database", "10.0.0.0/16")))
                        .build()));

    assertThat(policy(model, "from-web").property("spec.ingress").toJson())
        .contains("\"kubernetes.io/metadata.name\":\"web\"")
        .contains("8080")
        .contains("8081");
    assertThat(policy(model, "to-database").property("spec.egress").toJson())
        .contains("10.0.0.0/16")
        .doesNotContain("ports");
    assertThat(
            Samples.only(model, "core/v1:ResourceQuota")
                .property("spec.hard")
                .entry("requests.aws.amazon.com/neuron")
                .asText())
        .contains("0");
  }

  @Test
  void tellsEveryProblemAtOnce() {
    MlNamespaceArgs args =
        MlNamespaceArgs.builder()
            .namespaceName("kube-jobs")
            .maxPods(0)
            .maxCpu(0)
            .maxMemoryGi(0)
            .maxGpus(-1)
            .maxStorageGi(-1)
            .allowances(
                List.of(
                    Allowance.toAddresses("dns", "10.0.0.0/8"),
                    Allowance.toAddresses("Big Name", "10.0.0.0/8")))
            .costTags(new CostTags("p", "dev", "Jane Doe", "cc", "training", Map.of()))
            .build();

    assertThatThrownBy(() -> Samples.of(context -> new MlNamespace("jobs", args)))
        .hasMessageContaining("MlNamespace 'jobs'")
        .hasMessageContaining("namespaceName: given 'kube-jobs'")
        .hasMessageContaining("maxPods: given 0; allowed: 1 to 1000")
        .hasMessageContaining("maxCpu: given 0; allowed: 1 to 10000 processors")
        .hasMessageContaining("maxMemoryGi: given 0; allowed: 1 to 100000 GiB")
        .hasMessageContaining("maxGpus: given -1; allowed: 0 to 1000")
        .hasMessageContaining("maxStorageGi: given -1")
        .hasMessageContaining("allowances.dns: stands there twice or is taken")
        .hasMessageContaining("allowances.Big Name: given 'Big Name'")
        .hasMessageContaining("costTags.owner: given 'Jane Doe'");
  }

  private static Resource policy(Model model, String name) {
    return model.resources(POLICY).stream()
        .filter(it -> it.property("metadata.name").asText().filter(name::equals).isPresent())
        .findFirst()
        .orElseThrow();
  }
}
