package dev.mlinfra.infra.runpod;

import com.pulumi.Context;
import com.pulumi.core.Output;
import dev.mlinfra.core.Environment;
import dev.mlinfra.core.Problem;
import dev.mlinfra.core.RunPodSettings;
import dev.mlinfra.core.ValidationException;
import dev.mlinfra.runpod.RunPodTrainingPod;
import dev.mlinfra.runpod.RunPodTrainingPodArgs;
import dev.mlinfra.runpod.RunPodVolumeAndEndpoint;
import dev.mlinfra.runpod.RunPodVolumeAndEndpointArgs;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Turns an environment into components. */
final class RunPodStack {
  private RunPodStack() {}

  static void define(Context context, Environment environment) {
    RunPodSettings settings =
        environment
            .runpod()
            .orElseThrow(
                () ->
                    new ValidationException(
                        "environments/" + environment.name() + ".yaml",
                        List.of(
                            Problem.of(
                                "runpod",
                                "is missing",
                                "a section that says what is deployed on RunPod",
                                "add it, see docs/reference/environment.md"))));
    RunPodVolumeAndEndpoint predictions =
        new RunPodVolumeAndEndpoint("predictions", endpoint(environment, settings));
    context.export("endpointId", predictions.getEndpointId());
    context.export("runUrl", predictions.getRunUrl());
    context.export("runSyncUrl", predictions.getRunSyncUrl());
    context.export("volumeId", predictions.getVolume().id());
    predictions
        .getS3()
        .ifPresent(
            s3 -> {
              context.export("s3Endpoint", Output.of(s3.endpoint()));
              context.export("s3Region", Output.of(s3.region()));
            });
    settings
        .training()
        .ifPresent(
            training -> {
              RunPodTrainingPod pod =
                  new RunPodTrainingPod("training", training(environment, training, predictions));
              context.export("trainingPodId", pod.getPod().id());
            });
  }

  private static RunPodVolumeAndEndpointArgs endpoint(
      Environment environment, RunPodSettings settings) {
    RunPodSettings.Endpoint endpoint = settings.endpoint();
    return RunPodVolumeAndEndpointArgs.builder()
        .dataCenter(settings.dataCenter())
        .volumeGb(settings.volumeGb())
        .onDelete(settings.onDelete())
        .allowDataLoss(environment.allowDataLoss())
        .image(endpoint.image())
        .gpuPools(endpoint.gpuPools())
        .workersMin(endpoint.workersMin())
        .workersMax(endpoint.workersMax())
        .idleTimeout(endpoint.idleTimeout())
        .timeout(endpoint.timeout())
        .flashBoot(endpoint.flashBoot())
        .secrets(outputs(endpoint.secrets()))
        .costTags(environment.costTags("prediction"))
        .build();
  }

  private static RunPodTrainingPodArgs training(
      Environment environment,
      RunPodSettings.Training training,
      RunPodVolumeAndEndpoint predictions) {
    RunPodTrainingPodArgs.Builder args = RunPodTrainingPodArgs.builder();
    args.image(training.image())
        .command(training.command())
        .dataGb(training.dataGb().orElse(environment.usage().dataGb()))
        .gpus(training.gpus())
        .cloud(training.cloud())
        .maxLifetime(training.maxLifetime())
        .idleTimeout(training.idleTimeout())
        .maxHourlyUsd(environment.budget().maxHourlyUsd())
        .maxJobUsd(environment.budget().trainingJobUsd())
        .costTags(environment.costTags("training"));
    if (training.cloud() == RunPodSettings.Cloud.SECURE) {
      args.volume(predictions.getVolume());
    }
    return args.build();
  }

  private static Map<String, Output<String>> outputs(Map<String, String> texts) {
    Map<String, Output<String>> outputs = new TreeMap<>();
    texts.forEach((name, text) -> outputs.put(name, Output.of(text)));
    return outputs;
  }
}
