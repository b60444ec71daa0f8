package dev.mlinfra.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlinfra.template.Model;
import dev.mlinfra.template.Resource;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class InferenceServiceTest {
  private static final String POD = "spec.template.spec.";

  private static Model model(InferenceServiceArgs args) {
    return Samples.of(context -> new InferenceService("predict", args));
  }

  @Test
  void keepsAnsweringByDefault() {
    Model model = model(Samples.service().build());

    Resource deployment = Samples.only(model, "apps/v1:Deployment");
    assertThat(deployment.property("spec.strategy.rollingUpdate").toJson())
        .isEqualTo("{\"maxSurge\":1,\"maxUnavailable\":0}");
    assertThat(deployment.property("spec.progressDeadlineSeconds").asNumber().orElseThrow())
        .isEqualByComparingTo("360");
    assertThat(deployment.property(POD + "containers[0].startupProbe").toJson())
        .contains("\"failureThreshold\":30")
        .contains("/ready");
    assertThat(deployment.property(POD + "containers[0].livenessProbe.httpGet.path").asText())
        .contains("/health");
    assertThat(deployment.property(POD + "topologySpreadConstraints").toJson())
        .doesNotContain("DoNotSchedule");
    Resource autoscaler = Samples.only(model, "autoscaling/v2:HorizontalPodAutoscaler");
    assertThat(autoscaler.property("spec.scaleTargetRef.name").asText()).contains("predict");
    assertThat(autoscaler.property("spec.metrics[0].resource").toJson()).contains("70");
    assertThat(Samples.only(model, "core/v1:Service").property("spec.type").asText())
        .contains("ClusterIP");
    assertThat(
            Samples.only(model, "policy/v1:PodDisruptionBudget")
                .property("spec.maxUnavailable")
                .asNumber()
                .orElseThrow())
        .isEqualByComparingTo("1");
    assertThat(model.resources("kubernetes:networking.k8s.io/v1:Ingress")).isEmpty();
  }

  @Test
  void scalesGpusByRequestsAndOpensToTheInternetWithACertificate() {
    Model model = Samples.of(Samples::everything);

    Resource deployment = named(model, "apps/v1:Deployment", "predict");
    assertThat(deployment.property("spec.replicas").asNumber().orElseThrow())
        .isEqualByComparingTo("2");
    assertThat(deployment.property(POD + "topologySpreadConstraints[1]").toJson())
        .contains("kubernetes.io/hostname")
        .contains("DoNotSchedule");
    Resource autoscaler = named(model, "autoscaling/v2:HorizontalPodAutoscaler", "predict");
    assertThat(autoscaler.property("spec.metrics[0].pods").toJson())
        .contains("inference_requests_per_second")
        .contains("\"averageValue\":\"50\"");
    Resource ingress = named(model, "networking.k8s.io/v1:Ingress", "predict");
    assertThat(ingress.property("metadata.annotations").toJson())
        .contains("internet-facing")
        .contains(Samples.CERTIFICATE)
        .contains("HTTPS")
        .contains("cost-center=cc-1234");
    assertThat(ingress.property("spec.rules[0].host").asText()).contains("predict.example.com");
    Resource internal = named(model, "networking.k8s.io/v1:Ingress", "predict-cpu");
    assertThat(internal.property("metadata.annotations").toJson())
        .contains("\"internal\"")
        .doesNotContain("certificate-arn");
    assertThat(
            named(model, "apps/v1:Deployment", "predict-cpu")
                .property("spec.strategy.rollingUpdate")
                .toJson())
        .isEqualTo("{\"maxSurge\":0,\"maxUnavailable\":1}");
  }

  private static Resource named(Model model, String type, String name) {
    return model.resources("kubernetes:" + type).stream()
        .filter(it -> it.property("metadata.name").asText().filter(name::equals).isPresent())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void tellsEveryProblemAtOnce() {
    InferenceServiceArgs args =
        Samples.service()
            .port(80)
            .minReplicas(0)
            .maxReplicas(-1)
            .healthPath("health")
            .readyPath("ready")
            .startLimit(Duration.ofSeconds(1))
            .gracePeriod(Duration.ofHours(2))
            .scaling(ScalingMetric.cpu(5))
            .loadBalancer(new LoadBalancer(false, Optional.empty(), Optional.empty()))
            .build();

    assertThatThrownBy(() -> model(args))
        .hasMessageContaining("InferenceService 'predict'")
        .hasMessageContaining("port: given 80; allowed: 1024 to 65535")
        .hasMessageContaining("minReplicas: given 0; allowed: 1 to 1000")
        .hasMessageContaining("maxReplicas: given -1; allowed: 0 to 1000")
        .hasMessageContaining("healthPath: given 'health'")
        .hasMessageContaining("readyPath: given 'ready'")
        .hasMessageContaining("startLimit: given PT1S")
        .hasMessageContaining("gracePeriod: given PT2H")
        .hasMessageContaining("scaling.target: given 5; allowed: 10 to 100 percent")
        .hasMessageContaining("loadBalancer.certificateArn: is missing");
  }

  @Test
  void aCertificateHasAnArn() {
    InferenceServiceArgs args =
        Samples.service()
            .loadBalancer(LoadBalancer.internet("mine", "predict.example.com"))
            .build();

    assertThatThrownBy(() -> model(args))
        .hasMessageContaining("loadBalancer.certificateArn: given 'mine'");
  }
}
