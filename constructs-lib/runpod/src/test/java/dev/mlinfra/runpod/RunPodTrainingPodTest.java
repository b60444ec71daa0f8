package dev.mlinfra.runpod;

import static dev.mlinfra.runpod.Graphs.IMAGE;
import static dev.mlinfra.runpod.Graphs.only;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pulumi.core.Output;
import dev.mlinfra.core.CostTags;
import dev.mlinfra.core.Problem;
import dev.mlinfra.core.RunPodSettings.Cloud;
import dev.mlinfra.core.ValidationException;
import dev.mlinfra.runpod.internal.TrainingPlan;
import dev.mlinfra.template.Model;
import dev.mlinfra.template.Resource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class RunPodTrainingPodTest {

  private static RunPodTrainingPodArgs args(
      UnaryOperator<ImmutableRunPodTrainingPodArgs.Builder> change) {
    return change
        .apply(
            RunPodTrainingPodArgs.builder().image(IMAGE).command("python3 train.py").dataGb(0.05))
        .build();
  }

  private static TrainingPlan plan(UnaryOperator<ImmutableRunPodTrainingPodArgs.Builder> change) {
    return TrainingPlan.of(args(change));
  }

  private static List<String> problems(
      UnaryOperator<ImmutableRunPodTrainingPodArgs.Builder> change) {
    return plan(change).problems().stream().map(Problem::toString).toList();
  }

  @Test
  void makesAPodWithTheDefaults() {
    Model model =
        Graphs.of(
            context -> {
              RunPodTrainingPod made = new RunPodTrainingPod("training", args(it -> it));
              context.export("maxUsd", Output.of(made.getMaxUsd()));
            });

    Resource pod = only(model, "Pod");
    assertThat(pod.property("cloud").asText()).contains("SECURE");
    assertThat(pod.property("image").asText()).contains(IMAGE);
    assertThat(pod.property("disk").asNumber().orElseThrow()).isEqualByComparingTo("50");
    assertThat(pod.property("gpu.count").asNumber().orElseThrow()).isEqualByComparingTo("1");
    assertThat(pod.property("gpu.ids").asList()).hasSize(3);
    assertThat(pod.property("mounts").isMissing()).isTrue();
    assertThat(pod.property("args").asText())
        .contains("python3 -u -c \"import os; exec(os.environ['GUARD_PROGRAM'])\"");
    assertThat(pod.property("env.GUARD_COMMAND").asText()).contains("python3 train.py");
    assertThat(pod.property("env.GUARD_MAX_SECONDS").asText()).contains("7200");
    assertThat(pod.property("env.GUARD_IDLE_SECONDS").asText()).contains("900");
    assertThat(pod.property("env.GUARD_PROGRAM").asText().orElse("")).contains("def delete_pod");
    assertThat(pod.property("env.GUARD_API_KEY").isMissing()).isTrue();
    assertThat(pod.property("env.VOLUME_PATH").asText()).contains("/workspace");
  }

  @Test
  void takesWhatIsGiven() {
    Model model =
        Graphs.of(
            context ->
                new RunPodTrainingPod(
                    "training",
                    args(
                        it ->
                            it.gpus(List.of("NVIDIA L4", "NVIDIA A40"))
                                .gpuCount(2)
                                .diskGb(80)
                                .maxLifetime(Duration.ofHours(4))
                                .idleTimeout(Duration.ofMinutes(5))
                                .volume(Graphs.volumeIn("EU-RO-1"))
                                .registryCredentialId(Output.of("registry-1"))
                                .terminationKey(Output.of("pods-key"))
                                .costTags(
                                    new CostTags(
                                        "shop", "dev", "team", "cc-1", "training", Map.of())))));

    Resource pod = only(model, "Pod");
    assertThat(pod.id().toString()).contains("shop-dev-training-pod");
    assertThat(pod.property("gpu.ids").asList())
        .extracting(it -> it.asText().orElse(""))
        .containsExactly("NVIDIA L4", "NVIDIA A40");
    assertThat(pod.property("gpu.count").asNumber().orElseThrow()).isEqualByComparingTo("2");
    assertThat(pod.property("mounts.network.path").asText()).contains("/workspace");
    assertThat(pod.property("dataCenterIds").asList())
        .extracting(it -> it.asText().orElse(""))
        .containsExactly("EU-RO-1");
    assertThat(pod.property("registry").asText()).contains("registry-1");
    assertThat(pod.property("env.GUARD_MAX_SECONDS").asText()).contains("14400");
    assertThat(pod.property("env.GUARD_IDLE_SECONDS").asText()).contains("300");
    assertThat(pod.property("env.GUARD_API_KEY").asText()).contains("{{ RUNPOD_SECRET_pods-key }}");
    assertThat(pod.property("env.TAG_WORKLOAD").asText()).contains("training");
  }

  @Test
  void theDataChoosesTheGpu() {
    assertThat(plan(it -> it.dataGb(0.05)).gpus().get(0)).isEqualTo("NVIDIA L4");
    assertThat(plan(it -> it.dataGb(0.5)).gpus().get(0)).isEqualTo("NVIDIA A40");
    assertThat(plan(it -> it.dataGb(5)).gpus()).first().asString().contains("A100");
    assertThat(plan(it -> it.dataGb(50)).gpus()).first().asString().contains("A100");
    assertThat(plan(it -> it.dataGb(0.05).cloud(Cloud.COMMUNITY)).gpus().get(0))
        .isEqualTo("NVIDIA RTX A5000");
  }

  @Test
  void knowsWhatItCostsAtMost() {
    TrainingPlan plan = plan(it -> it.gpus(List.of("NVIDIA L4", "NVIDIA A40")).gpuCount(2));

    assertThat(plan.problems()).isEmpty();
    assertThat(plan.hourlyUsd()).isEqualTo(2 * 0.4);
  }

  @Test
  void warnsOfTheCommunityCloudAndOfNoVolume() {
    assertThat(plan(it -> it.cloud(Cloud.COMMUNITY)).warnings())
        .containsExactly(
            "cloud: COMMUNITY runs on machines of strangers, who could read data, models and"
                + " secrets; SECURE does not",
            "volume: none, so what training writes is gone with the pod unless the command uploads"
                + " it");
  }

  @Test
  void refusesWhatRunPodHasNoMore() {
    assertThat(
            problems(
                it ->
                    it.spot(true)
                        .minDownloadMbps(OptionalInt.of(100))
                        .minUploadMbps(OptionalInt.of(100))))
        .containsExactly(
            "spot: given true; allowed: false; fix: REST v2 has no spot or interruptible pods; for"
                + " cheaper machines take cloud COMMUNITY",
            "minDownloadMbps: given a bandwidth; allowed: nothing; fix: REST v2 cannot choose"
                + " machines by bandwidth; put the data on a network volume",
            "minUploadMbps: given a bandwidth; allowed: nothing; fix: REST v2 cannot choose"
                + " machines by bandwidth; put the data on a network volume");
  }

  @Test
  void theCommunityCloudHasNoVolumes() {
    Model ignored =
        Graphs.of(
            context ->
                assertThat(
                        problems(
                            it ->
                                it.cloud(Cloud.COMMUNITY)
                                    .volume(Graphs.volumeIn("EU-RO-1"))
                                    .dataCenterIds(List.of("EU-RO-1"))))
                    .containsExactly(
                        "cloud: given COMMUNITY together with a volume; allowed: SECURE with a"
                            + " volume, or COMMUNITY without; fix: the community cloud has no"
                            + " network volumes",
                        "dataCenterIds: given [EU-RO-1] together with a volume; allowed: nothing:"
                            + " the pod goes where its volume is; fix: leave dataCenterIds out"));
    assertThat(ignored.resources()).isNotEmpty();
  }

  @Test
  void holdsTheCaps() {
    assertThat(problems(it -> it.gpus(List.of("NVIDIA B200")).maxHourlyUsd(5).maxJobUsd(100)))
        .containsExactly(
            "gpus: 1 x NVIDIA B200 costs 6.79 USD an hour; allowed: at most 5.00 USD; fix: take a"
                + " smaller one, or raise maxHourlyUsd");
    assertThat(problems(it -> it.gpus(List.of("NVIDIA B200"))))
        .containsExactly(
            "maxLifetime: 2.00 hours of 1 x NVIDIA B200 cost 13.58 USD; allowed: at most 10.00 USD;"
                + " fix: shorten maxLifetime, take a smaller GPU, or raise maxJobUsd");
    assertThat(problems(it -> it.gpus(List.of("NVIDIA Unheard"))))
        .containsExactly(
            "gpus: 'NVIDIA Unheard' has no price in cloud SECURE; allowed: GPU types with a price,"
                + " so that the caps can hold; fix: take another one, or refresh the prices: mlinfra"
                + " catalog refresh");
  }

  @Test
  void needsTheSizeOfTheDataOrGpus() {
    RunPodTrainingPodArgs none =
        RunPodTrainingPodArgs.builder().image(IMAGE).command("python3 train.py").build();
    assertThat(TrainingPlan.of(none).problems())
        .extracting(Problem::toString)
        .containsExactly(
            "dataGb: is missing; allowed: the size of the data in GB, or gpus; fix: give one");
    assertThat(problems(it -> it.dataGb(-1)))
        .containsExactly("dataGb: given -1.0; allowed: more than 0, at most 1000000 GB");
  }

  @Test
  void tellsEveryProblemAtOnce() {
    RunPodTrainingPodArgs wrong =
        args(
            it ->
                it.image("worker")
                    .command(" ")
                    .gpuCount(0)
                    .diskGb(0)
                    .maxLifetime(Duration.ofSeconds(1))
                    .idleTimeout(Duration.ofDays(2))
                    .dataCenterIds(List.of("Frankfurt"))
                    .maxHourlyUsd(0)
                    .maxJobUsd(-1)
                    .dataGb(0));

    assertThatThrownBy(() -> new RunPodTrainingPod("training", wrong))
        .isInstanceOf(ValidationException.class)
        .hasMessageStartingWith("RunPodTrainingPod 'training' has 10 problems:")
        .hasMessageContainingAll(
            "image: given 'worker'",
            "command: is blank",
            "gpuCount: given 0; allowed: 1 to 8",
            "diskGb: given 0; allowed: 1 to 1000 GB",
            "maxLifetime: given PT1S; allowed: PT1M to PT168H",
            "idleTimeout: given PT48H; allowed: PT1M to PT24H",
            "dataCenterIds: given 'Frankfurt'",
            "maxHourlyUsd: given 0.0; allowed: more than 0 USD",
            "maxJobUsd: given -1.0",
            "dataGb: given 0.0");
  }
}
