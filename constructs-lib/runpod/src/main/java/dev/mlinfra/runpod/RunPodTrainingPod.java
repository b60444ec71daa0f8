package dev.mlinfra.runpod;

import com.pulumi.core.Output;
import com.pulumi.resources.ComponentResource;
import com.pulumi.resources.ComponentResourceOptions;
import com.pulumi.resources.CustomResourceOptions;
import dev.mlinfra.core.ValidationException;
import dev.mlinfra.runpod.internal.Environment;
import dev.mlinfra.runpod.internal.Guard;
import dev.mlinfra.runpod.internal.TrainingPlan;
import dev.mlinfra.runpod.internal.Warnings;
import dev.mlinfra.sdk.runpod.Pod;
import dev.mlinfra.sdk.runpod.PodArgs;
import dev.mlinfra.sdk.runpod.inputs.NetworkMountArgs;
import dev.mlinfra.sdk.runpod.inputs.PodGpuArgs;
import dev.mlinfra.sdk.runpod.inputs.PodMountsArgs;
import java.util.List;
import java.util.Map;

/**
 * A pod that trains once. It deletes itself when the training has ended, its GPU does nothing, or
 * its time is over; {@code mlinfra runpod reap} deletes it from outside should that fail.
 *
 * <p>A pod that is gone is made again by the next {@code pulumi up}, which trains again: take the
 * component out of the program once the training is done. The training does not see the key that
 * deletes pods.
 */
public final class RunPodTrainingPod extends ComponentResource {
  /** Where the pod finds the volume. */
  public static final String VOLUME_PATH = "/workspace";

  private final Pod pod;
  private final List<String> gpus;
  private final double maxUsd;

  /**
   * Makes it.
   *
   * @param name the name of the component in the program
   * @param args what it is like
   * @throws ValidationException with every problem of the arguments
   */
  public RunPodTrainingPod(String name, RunPodTrainingPodArgs args) {
    this(name, args, ComponentResourceOptions.builder().build());
  }

  /**
   * Makes it.
   *
   * @param name the name of the component in the program
   * @param args what it is like
   * @param options parent, provider and the like
   * @throws ValidationException with every problem of the arguments
   */
  public RunPodTrainingPod(
      String name, RunPodTrainingPodArgs args, ComponentResourceOptions options) {
    this(name, args, checked(name, args), options);
  }

  private RunPodTrainingPod(
      String name,
      RunPodTrainingPodArgs args,
      TrainingPlan plan,
      ComponentResourceOptions options) {
    super("mlinfra:runpod:RunPodTrainingPod", name, options);
    Warnings.tell(this, plan.warnings());
    gpus = plan.gpus();
    maxUsd = plan.hourlyUsd() * args.getMaxLifetime().toSeconds() / 3600;
    pod =
        new Pod(
            Environment.name(args, name + "-pod"),
            pod(args, plan),
            CustomResourceOptions.builder().parent(this).build());
    registerOutputs(Map.of("podId", pod.id(), "maxUsd", Output.of(maxUsd)));
  }

  private static TrainingPlan checked(String name, RunPodTrainingPodArgs args) {
    TrainingPlan plan = TrainingPlan.of(args);
    ValidationException.throwIfAny("RunPodTrainingPod '" + name + "'", plan.problems());
    return plan;
  }

  private static PodArgs pod(RunPodTrainingPodArgs args, TrainingPlan plan) {
    PodArgs.Builder built =
        PodArgs.builder()
            .image(args.getImage())
            .args(Guard.ARGS)
            .disk(args.getDiskGb())
            .cloud(args.getCloud().name())
            .gpu(PodGpuArgs.builder().ids(plan.gpus()).count(args.getGpuCount()).build())
            .env(Environment.of(args, VOLUME_PATH, Guard.variables(args), Guard.key(args)));
    if (!args.getDataCenterIds().isEmpty()) {
      built.dataCenterIds(args.getDataCenterIds());
    }
    args.getRegistryCredentialId().ifPresent(built::registry);
    args.getVolume()
        .ifPresent(
            volume -> {
              built.dataCenterIds(volume.dataCenter().applyValue(place -> List.of(place)));
              built.mounts(
                  PodMountsArgs.builder()
                      .network(
                          NetworkMountArgs.builder()
                              .volumeId(volume.id())
                              .path(VOLUME_PATH)
                              .build())
                      .build());
            });
    return built.build();
  }

  /** The pod. */
  public Pod getPod() {
    return pod;
  }

  /** The GPU types that will do, the preferred one first. */
  public List<String> getGpus() {
    return gpus;
  }

  /** What the pod costs at most: its dearest GPU for as long as it may live, in USD. */
  public double getMaxUsd() {
    return maxUsd;
  }
}
