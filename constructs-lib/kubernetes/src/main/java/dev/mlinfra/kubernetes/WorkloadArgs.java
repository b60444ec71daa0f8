package dev.mlinfra.kubernetes;

import com.pulumi.core.Output;
import dev.mlinfra.core.CostTags;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.immutables.value.Value;

/** What every workload has. */
public interface WorkloadArgs {
  /** Resource name of NVIDIA's GPUs. */
  String NVIDIA = "nvidia.com/gpu";

  /**
   * A value of a Secret that stands in the namespace.
   *
   * @param secret name of the Secret
   * @param key which of its values
   */
  record SecretKey(String secret, String key) {}

  /** Name of the namespace, such as {@code namespace.getName()}. Required. */
  Output<String> getNamespace();

  /** The container's image with a tag or, better, a digest; {@code latest} is refused. Required. */
  String getImage();

  /** What runs, in place of the image's entry point. Default: the image's own. */
  List<String> getCommand();

  /** Arguments of what runs. Default: the image's own. */
  List<String> getArguments();

  /** Processors that it requests, such as 0.5. Default: 2. */
  @Value.Default
  default double getCpu() {
    return 2;
  }

  /** Memory that it has, in GiB; it is requested and is the limit. Default: 8. */
  @Value.Default
  default int getMemoryGi() {
    return 8;
  }

  /** How many accelerators. Default: 0. */
  @Value.Default
  default int getGpus() {
    return 0;
  }

  /**
   * Resource name of the accelerators, also the key of the taint that their nodes have. Default:
   * {@code nvidia.com/gpu}.
   */
  @Value.Default
  default String getGpuResource() {
    return NVIDIA;
  }

  /**
   * Labels that a node must have. Required with accelerators, since otherwise the dearest would be
   * taken as well, such as {@code node.kubernetes.io/instance-type} and {@code g5.2xlarge}.
   * Default: none.
   */
  Map<String, String> getNodeLabels();

  /**
   * Whether spot nodes will do: their taints on GKE and AKS are tolerated; on EKS managed nodes
   * have none. Default: false.
   */
  @Value.Default
  default boolean isSpot() {
    return false;
  }

  /** Environment variables that are no secret. Default: none. */
  Map<String, Output<String>> getVariables();

  /** Environment variables whose values stand in Secrets of the namespace. Default: none. */
  Map<String, SecretKey> getSecretVariables();

  /** Secrets of the namespace for private registries. Default: none. */
  List<String> getImagePullSecrets();

  /**
   * Annotations of its service account, by which clouds give it rights: GKE and AKS want one, EKS
   * none (pod identities name the account). Default: none.
   */
  Map<String, String> getServiceAccountAnnotations();

  /** User id of the process, 1 or more. Default: 10001, as in this project's images. */
  @Value.Default
  default int getUserId() {
    return 10001;
  }

  /** Labels of all that is made, pods too. Default: none. */
  Optional<CostTags> getCostTags();
}
