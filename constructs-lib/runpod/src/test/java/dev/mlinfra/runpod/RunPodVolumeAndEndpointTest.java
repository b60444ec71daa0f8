package dev.mlinfra.runpod;

import static dev.mlinfra.runpod.Graphs.IMAGE;
import static dev.mlinfra.runpod.Graphs.only;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pulumi.core.Output;
import dev.mlinfra.core.CostTags;
import dev.mlinfra.core.DataSettings.OnDelete;
import dev.mlinfra.core.Prefixes;
import dev.mlinfra.core.ValidationException;
import dev.mlinfra.runpod.internal.EndpointRules;
import dev.mlinfra.template.Model;
import dev.mlinfra.template.Resource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class RunPodVolumeAndEndpointTest {

  private static RunPodVolumeAndEndpointArgs args(
      UnaryOperator<RunPodVolumeAndEndpointArgs.Builder> change) {
    RunPodVolumeAndEndpointArgs.Builder builder = RunPodVolumeAndEndpointArgs.builder();
    builder.dataCenter("EU-RO-1").image(IMAGE);
    return change.apply(builder).build();
  }

  private static RunPodVolumeAndEndpointArgs.Builder in(
      ImmutableRunPodVolumeAndEndpointArgs.Builder builder) {
    return (RunPodVolumeAndEndpointArgs.Builder) builder;
  }

  private static Model model(UnaryOperator<RunPodVolumeAndEndpointArgs.Builder> change) {
    return Graphs.of(context -> new RunPodVolumeAndEndpoint("predictions", args(change)));
  }

  @Test
  void makesAVolumeAndAnEndpointWithTheDefaults() {
    Model model = model(args -> args);

    Resource volume = only(model, "NetworkVolume");
    assertThat(volume.property("size").asNumber())
        .hasValueSatisfying(it -> assertThat(it).isEqualByComparingTo("100"));
    assertThat(volume.property("dataCenter").asText()).contains("EU-RO-1");
    assertThat(volume.id().toString()).contains("predictions-volume");
    Resource endpoint = only(model, "Endpoint");
    assertThat(endpoint.property("type").asText()).contains("QUEUE");
    assertThat(endpoint.property("image").asText()).contains(IMAGE);
    assertThat(number(endpoint, "workers.min")).isEqualTo(0);
    assertThat(number(endpoint, "workers.max")).isEqualTo(3);
    assertThat(number(endpoint, "workers.idleTimeout")).isEqualTo(30);
    assertThat(number(endpoint, "timeout")).isEqualTo(600_000);
    assertThat(number(endpoint, "disk")).isEqualTo(20);
    assertThat(number(endpoint, "gpu.count")).isEqualTo(1);
    assertThat(number(endpoint, "scaling.queueDelay")).isEqualTo(4);
    assertThat(endpoint.property("flashboot").asText()).contains("FLASHBOOT");
    assertThat(endpoint.property("gpu.pools").asList())
        .extracting(it -> it.asText().orElse(""))
        .containsExactly("AMPERE_16");
    assertThat(endpoint.property("dataCenterIds").asList())
        .extracting(it -> it.asText().orElse(""))
        .containsExactly("EU-RO-1");
    assertThat(endpoint.property("networkVolumes").asList()).hasSize(1);
    assertThat(texts(endpoint))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "VOLUME_PATH", "/runpod-volume",
                "DATASETS_PREFIX", "datasets",
                "MODELS_PREFIX", "models",
                "RESULTS_PREFIX", "results",
                "CHECKPOINTS_PREFIX", "checkpoints"));
  }

  @Test
  void takesWhatIsGiven() {
    Model model =
        model(
            args ->
                in(
                    args.volumeGb(250)
                        .prefixes(new Prefixes("d", "m", "r", "c"))
                        .gpuPools(List.of("ADA_24", "AMPERE_24"))
                        .gpuCount(2)
                        .workersMin(1)
                        .workersMax(5)
                        .idleTimeout(Duration.ofSeconds(60))
                        .timeout(Duration.ofMinutes(2))
                        .queueDelaySeconds(1.5)
                        .flashBoot(false)
                        .diskGb(40)
                        .registryCredentialId(Output.of("registry-1"))
                        .putVariables("LOG_LEVEL", Output.of("debug"))
                        .putSecrets("MODEL_KEY", Output.of("model-key"))));

    assertThat(number(only(model, "NetworkVolume"), "size")).isEqualTo(250);
    Resource endpoint = only(model, "Endpoint");
    assertThat(number(endpoint, "gpu.count")).isEqualTo(2);
    assertThat(number(endpoint, "workers.min")).isEqualTo(1);
    assertThat(number(endpoint, "workers.max")).isEqualTo(5);
    assertThat(number(endpoint, "workers.idleTimeout")).isEqualTo(60);
    assertThat(number(endpoint, "timeout")).isEqualTo(120_000);
    assertThat(endpoint.property("flashboot").asText()).contains("OFF");
    assertThat(endpoint.property("registry").asText()).contains("registry-1");
    assertThat(texts(endpoint))
        .containsEntry("MODELS_PREFIX", "m")
        .containsEntry("LOG_LEVEL", "debug")
        .containsEntry("MODEL_KEY", "{{ RUNPOD_SECRET_model-key }}");
  }

  @Test
  void costTagsStandInNamesAndVariables() {
    Model model =
        model(
            args ->
                in(
                    args.costTags(
                        new CostTags("shop", "dev", "team", "cc-1", "prediction", Map.of()))));

    Resource endpoint = only(model, "Endpoint");
    assertThat(endpoint.id().toString()).contains("shop-dev-predictions-endpoint");
    assertThat(only(model, "NetworkVolume").id().toString())
        .contains("shop-dev-predictions-volume");
    assertThat(texts(endpoint))
        .containsEntry("TAG_PROJECT", "shop")
        .containsEntry("TAG_ENVIRONMENT", "dev")
        .containsEntry("TAG_OWNER", "team")
        .containsEntry("TAG_COST_CENTER", "cc-1")
        .containsEntry("TAG_WORKLOAD", "prediction")
        .containsEntry("TAG_MANAGED_BY", "mlinfra");
  }

  @Test
  void takesAVolumeThatExists() {
    Model model =
        Graphs.of(
            context ->
                new RunPodVolumeAndEndpoint(
                    "predictions", args(it -> in(it.volume(Graphs.volumeIn("EU-RO-1"))))));

    assertThat(only(model, "NetworkVolume").id().toString()).contains("given");
  }

  @Test
  void refusesAVolumeOfAnotherDataCenter() {
    assertThatThrownBy(
            () ->
                Graphs.of(
                    context ->
                        new RunPodVolumeAndEndpoint(
                            "predictions", args(it -> in(it.volume(Graphs.volumeIn("US-KS-2")))))))
        .hasMessageContaining("given 'EU-RO-1', but the volume is in US-KS-2");
  }

  @Test
  void givesItsOutputs() {
    Model model =
        Graphs.of(
            context -> {
              RunPodVolumeAndEndpoint made =
                  new RunPodVolumeAndEndpoint("predictions", args(it -> it));
              context.export("run", made.getRunUrl());
              context.export("runSync", made.getRunSyncUrl());
              context.export("bucket", made.getBucket());
              context.export("s3", Output.of(made.getS3().orElseThrow().endpoint()));
            });

    assertThat(model.outputs())
        .extracting(output -> output.value().asText().orElse(""))
        .contains(
            "https://run.example.com",
            "https://runsync.example.com",
            "https://s3api-eu-ro-1.runpod.io/");
  }

  @Test
  void previewsWithUnknownIds() {
    assertThat(
            Graphs.graph(context -> new RunPodVolumeAndEndpoint("predictions", args(it -> it)))
                .preview()
                .capture()
                .resources())
        .hasSizeGreaterThanOrEqualTo(3);
  }

  @Test
  void someDataCentersHaveNoS3() {
    assertThat(S3Access.of("US-KS-2"))
        .contains(new S3Access("https://s3api-us-ks-2.runpod.io/", "US-KS-2"));
    assertThat(S3Access.of("AP-JP-1")).isEmpty();
    assertThat(EndpointRules.warnings(args(it -> in(it.dataCenter("AP-JP-1")))))
        .containsExactly(
            "dataCenter: AP-JP-1 has no S3-compatible API, so only containers can put files on the"
                + " volume");
  }

  @Test
  void theVolumeIsRetainedUnlessBothKeysAreGiven() {
    assertThat(EndpointRules.retains(args(it -> it))).isTrue();
    assertThat(EndpointRules.retains(args(it -> in(it.allowDataLoss(true))))).isTrue();
    RunPodVolumeAndEndpointArgs half = args(it -> in(it.onDelete(OnDelete.DESTROY)));
    assertThat(EndpointRules.retains(half)).isTrue();
    assertThat(EndpointRules.warnings(half))
        .containsExactly(
            "onDelete: DESTROY without allowDataLoss, so the volume is retained, and billed, when"
                + " the stack is destroyed");
    assertThat(
            EndpointRules.retains(
                args(it -> in(it.onDelete(OnDelete.DESTROY).allowDataLoss(true)))))
        .isFalse();
  }

  @Test
  void warnsOfWorkersThatAreAlwaysThereAndOfLatest() {
    assertThat(EndpointRules.warnings(args(it -> in(it.workersMin(1).image("a/b:latest")))))
        .containsExactly(
            "image: RunPod keeps what a machine once pulled as :latest; name a version or a digest",
            "workersMin: 1 workers are billed around the clock, whether there are jobs or not");
    assertThat(EndpointRules.warnings(args(it -> it))).isEmpty();
  }

  @Test
  void tellsEveryProblemAtOnce() {
    RunPodVolumeAndEndpointArgs wrong =
        args(
            it ->
                in(
                    it.dataCenter("Frankfurt")
                        .image("worker")
                        .volumeGb(5)
                        .dataCenterIds(List.of("US-KS-2"))
                        .gpuPools(List.of("NVIDIA L4"))
                        .gpuCount(9)
                        .workersMax(0)
                        .workersMin(2)
                        .idleTimeout(Duration.ZERO)
                        .timeout(Duration.ofDays(8))
                        .queueDelaySeconds(0.1)
                        .diskGb(0)
                        .prefixes(new Prefixes("d", "d", "r", "c"))
                        .putVariables("MLINFRA_OWNER", Output.of("me"))
                        .putVariables("A B", Output.of("c"))
                        .putVariables("KEY", Output.of("k"))
                        .putSecrets("KEY", Output.of("key"))));

    assertThatThrownBy(() -> new RunPodVolumeAndEndpoint("predictions", wrong))
        .isInstanceOf(ValidationException.class)
        .hasMessageStartingWith("RunPodVolumeAndEndpoint 'predictions' has 16 problems:")
        .hasMessageContainingAll(
            "image: given 'worker'",
            "variables.A B: is no name of an environment variable",
            "variables.MLINFRA_OWNER: is set by mlinfra",
            "secrets.KEY: stands in variables and in secrets",
            "prefixes: ",
            "dataCenter: given 'Frankfurt'; allowed: a data center such as EU-RO-1",
            "volumeGb: given 5; allowed: 10 to 4096 GB",
            "dataCenterIds: given [US-KS-2] for a volume in Frankfurt",
            "gpuPools: given 'NVIDIA L4'",
            "gpuCount: given 9; allowed: 1 to 8",
            "workersMax: given 0; allowed: 1 to 60",
            "workersMin: given 2; allowed: 0 to 0",
            "idleTimeout: given PT0S; allowed: PT1S to PT1H",
            "timeout: given PT192H; allowed: PT5S to PT168H",
            "queueDelaySeconds: given 0.1; allowed: at least 0.5",
            "diskGb: given 0; allowed: 1 to 1000 GB");
  }

  @Test
  void needsAPool() {
    assertThat(EndpointRules.problems(args(it -> in(it.gpuPools(List.of())))))
        .singleElement()
        .hasToString("gpuPools: given none; allowed: at least one, such as AMPERE_16");
  }

  private static double number(Resource resource, String path) {
    return resource.property(path).asNumber().orElseThrow().doubleValue();
  }

  private static Map<String, String> texts(Resource resource) {
    Map<String, String> texts = new TreeMap<>();
    resource
        .property("env")
        .asMap()
        .forEach((name, value) -> texts.put(name, value.asText().orElse("")));
    return texts;
  }
}
