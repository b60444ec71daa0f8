package dev.mlinfra.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pulumi.core.Output;
import dev.mlinfra.template.Model;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainingJobTest {
  private static final String POD = "spec.template.spec.";

  private static Model model(TrainingJobArgs args) {
    return Samples.of(context -> new TrainingJob("train", args));
  }

  private static Resource job(Model model) {
    return Samples.only(model, "batch/v1:Job");
  }

  @Test
  void isBoundedAndBareByDefault() {
    Model model = model(Samples.job().build());

    Resource job = job(model);
    assertThat(job.property("spec.backoffLimit").asNumber().orElseThrow())
        .isEqualByComparingTo("2");
    assertThat(job.property("spec.activeDeadlineSeconds").asNumber().orElseThrow())
        .isEqualByComparingTo("7200");
    assertThat(job.property("spec.ttlSecondsAfterFinished").asNumber().orElseThrow())
        .isEqualByComparingTo("86400");
    assertThat(job.property("spec.podFailurePolicy.rules[0].action").asText()).contains("Ignore");
    assertThat(job.property("spec.podFailurePolicy.rules[1].onExitCodes.values").toJson())
        .isEqualTo("[2,3]");
    assertThat(job.property("metadata.annotations").entry("pulumi.com/skipAwait").asText())
        .contains("true");
    assertThat(job.property(POD + "restartPolicy").asText()).contains("Never");
    assertThat(job.property(POD + "automountServiceAccountToken").asBoolean()).contains(false);
    assertThat(job.property(POD + "serviceAccountName").asText()).contains("train");
    assertThat(job.property(POD + "nodeSelector").asMap()).isEmpty();
    assertThat(job.property(POD + "tolerations").asList()).isEmpty();
    assertThat(job.property(POD + "containers[0].resources").toJson())
        .isEqualTo(
            "{\"limits\":{\"memory\":\"8Gi\"},\"requests\":{\"cpu\":\"2\",\"memory\":\"8Gi\"}}");
    assertThat(job.property(POD + "containers[0].command").isMissing()).isTrue();
    assertThat(model.resources("kubernetes:core/v1:PersistentVolumeClaim")).isEmpty();
  }

  @Test
  void takesWhatIsGiven() {
    Model model = Samples.of(Samples::everything);

    Resource job = job(model);
    assertThat(job.property("metadata.namespace").asText()).contains("ml-jobs");
    Value container = job.property(POD + "containers[0]");
    assertThat(container.at("resources").toJson())
        .isEqualTo(
            "{\"limits\":{\"memory\":\"28Gi\",\"nvidia.com/gpu\":\"1\"},"
                + "\"requests\":{\"cpu\":\"6500m\",\"memory\":\"28Gi\",\"nvidia.com/gpu\":\"1\"}}");
    assertThat(job.property(POD + "tolerations").toJson())
        .contains("nvidia.com/gpu")
        .contains("cloud.google.com/gke-spot")
        .contains("kubernetes.azure.com/scalesetpriority");
    assertThat(container.at("env").toJson())
        .contains("{\"name\":\"EPOCHS\",\"value\":\"3\"}")
        .contains("\"secretKeyRef\":{\"key\":\"key\",\"name\":\"fred\"}");
    assertThat(container.at("volumeMounts").toJson()).contains("/cache").contains("/dev/shm");
    assertThat(job.property(POD + "imagePullSecrets[0].name").asText()).contains("registry");
    Resource claim = Samples.only(model, "core/v1:PersistentVolumeClaim");
    assertThat(claim.property("spec.resources.requests.storage").asText()).contains("50Gi");
    assertThat(claim.property("spec.storageClassName").asText()).contains("gp3");
  }

  @Test
  void canBeWaitedFor() {
    assertThat(
            job(model(Samples.job().awaited(true).sharedMemoryGi(0).build()))
                .property("metadata.annotations")
                .isMissing())
        .isTrue();
  }

  @ParameterizedTest
  @CsvSource({"2, 2", "0.5, 500m", "1.25, 1250m", "0.0105, 11m", "10, 10", "100, 100"})
  void writesProcessorsAsKubernetesDoes(double cpu, String written) {
    assertThat(
            job(model(Samples.job().cpu(cpu).build()))
                .property(POD + "containers[0].resources.requests.cpu")
                .asText())
        .contains(written);
  }

  @Test
  void tellsEveryProblemAtOnce() {
    TrainingJobArgs args =
        Samples.job()
            .image("training:latest")
            .retries(11)
            .maxRuntime(Duration.ofSeconds(1))
            .keepFor(Duration.ofDays(31))
            .gracePeriod(Duration.ofHours(2))
            .cacheGi(0)
            .cpu(0)
            .memoryGi(0)
            .sharedMemoryGi(4)
            .gpus(1)
            .userId(0)
            .variables(Map.of("A", Output.of("1"), "1B", Output.of("2")))
            .secretVariables(Map.of("A", new WorkloadArgs.SecretKey("s", "k")))
            .build();

    assertThatThrownBy(() -> Samples.of(context -> new TrainingJob("Train", args)))
        .hasMessageContaining("TrainingJob 'Train'")
        .hasMessageContaining("name: given 'Train'")
        .hasMessageContaining("image: given 'training:latest'")
        .hasMessageContaining("retries: given 11; allowed: 0 to 10")
        .hasMessageContaining("maxRuntime: given PT1S; allowed: PT1M to PT168H")
        .hasMessageContaining("keepFor: given PT744H")
        .hasMessageContaining("gracePeriod: given PT2H")
        .hasMessageContaining("cacheGi: given 0")
        .hasMessageContaining("cpu: given 0; allowed: 0.01 to 512 processors")
        .hasMessageContaining("memoryGi: given 0")
        .hasMessageContaining("sharedMemoryGi: given 4; allowed: 0 to 0 GiB")
        .hasMessageContaining("nodeLabels: is empty")
        .hasMessageContaining("userId: given 0")
        .hasMessageContaining("secretVariables.A: stands in variables and in secretVariables")
        .hasMessageContaining("variables.1B: is no name of an environment variable");
  }

  @Test
  void aClassWithoutACacheIsAMistake() {
    TrainingJobArgs args = Samples.job().cacheStorageClass("gp3").build();

    assertThatThrownBy(() -> Samples.of(context -> new TrainingJob("train", args)))
        .hasMessageContaining("cacheStorageClass: is given without cacheGi");
  }

  @Test
  void aDigestIsAnImageToo() {
    String image = "registry.example.com/training@sha256:" + "a".repeat(64);

    assertThat(
            job(model(Samples.job().image(image).build()))
                .property(POD + "containers[0].image")
                .asText())
        .contains(image);
  }
}
