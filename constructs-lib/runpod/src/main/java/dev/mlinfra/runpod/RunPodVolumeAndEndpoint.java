package dev.mlinfra.runpod;

import com.pulumi.core.Output;
import com.pulumi.resources.ComponentResource;
import com.pulumi.resources.ComponentResourceOptions;
import com.pulumi.resources.CustomResourceOptions;
import dev.mlinfra.core.Problem;
import dev.mlinfra.core.ValidationException;
import dev.mlinfra.runpod.internal.EndpointRules;
import dev.mlinfra.runpod.internal.Environment;
import dev.mlinfra.runpod.internal.Warnings;
import dev.mlinfra.sdk.runpod.Endpoint;
import dev.mlinfra.sdk.runpod.EndpointArgs;
import dev.mlinfra.sdk.runpod.NetworkVolume;
import dev.mlinfra.sdk.runpod.NetworkVolumeArgs;
import dev.mlinfra.sdk.runpod.inputs.EndpointGpuArgs;
import dev.mlinfra.sdk.runpod.inputs.ScalingArgs;
import dev.mlinfra.sdk.runpod.inputs.WorkersArgs;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A network volume and a serverless endpoint whose workers have it mounted at {@value
 * #VOLUME_PATH}. Without jobs only the volume costs.
 *
 * <p>Workers find the volume's path and folders in {@code VOLUME_PATH}, {@code DATASETS_PREFIX},
 * {@code MODELS_PREFIX}, {@code RESULTS_PREFIX} and {@code CHECKPOINTS_PREFIX}.
 */
public final class RunPodVolumeAndEndpoint extends ComponentResource {
  /** Where workers find the volume. */
  public static final String VOLUME_PATH = "/runpod-volume";

  private final NetworkVolume volume;
  private final Endpoint endpoint;
  private final Optional<S3Access> s3;

  /**
   * Makes them.
   *
   * @param name the name of the component in the program
   * @param args what they are like
   * @throws ValidationException with every problem of the arguments
   */
  public RunPodVolumeAndEndpoint(String name, RunPodVolumeAndEndpointArgs args) {
    this(name, args, ComponentResourceOptions.builder().build());
  }

  /**
   * Makes them.
   *
   * @param name the name of the component in the program
   * @param args what they are like
   * @param options parent, provider and the like
   * @throws ValidationException with every problem of the arguments
   */
  public RunPodVolumeAndEndpoint(
      String name, RunPodVolumeAndEndpointArgs args, ComponentResourceOptions options) {
    super("mlinfra:runpod:RunPodVolumeAndEndpoint", name, checked(name, args, options));
    Warnings.tell(this, EndpointRules.warnings(args));
    CustomResourceOptions child = CustomResourceOptions.builder().parent(this).build();
    volume = args.getVolume().orElseGet(() -> newVolume(name, args));
    Output<String> dataCenter =
        volume
            .dataCenter()
            .applyValue(
                found -> {
                  List<Problem> problems =
                      EndpointRules.agreement(args.getDataCenter(), found).stream().toList();
                  ValidationException.throwIfAny(subject(name), problems);
                  return found;
                });
    endpoint =
        new Endpoint(Environment.name(args, name + "-endpoint"), endpoint(args, dataCenter), child);
    s3 = S3Access.of(args.getDataCenter());
    registerOutputs(outputs());
  }

  private static ComponentResourceOptions checked(
      String name, RunPodVolumeAndEndpointArgs args, ComponentResourceOptions options) {
    ValidationException.throwIfAny(subject(name), EndpointRules.problems(args));
    return options;
  }

  private static String subject(String name) {
    return "RunPodVolumeAndEndpoint '" + name + "'";
  }

  private NetworkVolume newVolume(String name, RunPodVolumeAndEndpointArgs args) {
    return new NetworkVolume(
        Environment.name(args, name + "-volume"),
        NetworkVolumeArgs.builder()
            .size(args.getVolumeGb())
            .dataCenter(args.getDataCenter())
            .build(),
        CustomResourceOptions.builder()
            .parent(this)
            .retainOnDelete(EndpointRules.retains(args))
            .build());
  }

  private EndpointArgs endpoint(RunPodVolumeAndEndpointArgs args, Output<String> dataCenter) {
    EndpointArgs.Builder built =
        EndpointArgs.builder()
            .type("QUEUE")
            .image(args.getImage())
            .disk(args.getDiskGb())
            .env(Environment.of(args, VOLUME_PATH, Map.of(), Map.of()))
            .gpu(
                EndpointGpuArgs.builder()
                    .pools(args.getGpuPools())
                    .count(args.getGpuCount())
                    .build())
            .workers(
                WorkersArgs.builder()
                    .min(args.getWorkersMin())
                    .max(args.getWorkersMax())
                    .idleTimeout(Math.toIntExact(args.getIdleTimeout().toSeconds()))
                    .build())
            .scaling(
                ScalingArgs.builder()
                    .type("QUEUE_DELAY")
                    .queueDelay(args.getQueueDelaySeconds())
                    .build())
            .timeout(Math.toIntExact(args.getTimeout().toMillis()))
            .flashboot(args.isFlashBoot() ? "FLASHBOOT" : "OFF")
            .networkVolumes(volume.id().applyValue(one -> List.of(one)))
            .dataCenterIds(dataCenter.applyValue(one -> List.of(one)));
    args.getRegistryCredentialId().ifPresent(built::registry);
    return built.build();
  }

  private Map<String, Output<?>> outputs() {
    Map<String, Output<?>> outputs = new TreeMap<>();
    outputs.put("endpointId", getEndpointId());
    outputs.put("runUrl", getRunUrl());
    outputs.put("runSyncUrl", getRunSyncUrl());
    outputs.put("volumeId", volume.id());
    s3.ifPresent(
        access -> {
          outputs.put("s3Endpoint", Output.of(access.endpoint()));
          outputs.put("s3Region", Output.of(access.region()));
        });
    return outputs;
  }

  /** The volume: the new one or the given one. */
  public NetworkVolume getVolume() {
    return volume;
  }

  /** The endpoint. */
  public Endpoint getEndpoint() {
    return endpoint;
  }

  /** The endpoint's id. */
  public Output<String> getEndpointId() {
    return endpoint.id();
  }

  /** Where a job is taken and answered at once, with its id. */
  public Output<String> getRunUrl() {
    return endpoint.requestUrls().applyValue(urls -> urls.run().orElse(""));
  }

  /** Where a job is taken and answered with its result. */
  public Output<String> getRunSyncUrl() {
    return endpoint.requestUrls().applyValue(urls -> urls.runSync().orElse(""));
  }

  /** How S3 clients reach the volume; empty in data centers without that. */
  public Optional<S3Access> getS3() {
    return s3;
  }

  /** The bucket that the volume is for S3 clients. */
  public Output<String> getBucket() {
    return volume.id();
  }
}
