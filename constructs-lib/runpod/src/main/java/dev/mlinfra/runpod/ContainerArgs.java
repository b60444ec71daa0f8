package dev.mlinfra.runpod;

import com.pulumi.core.Output;
import dev.mlinfra.core.CostTags;
import dev.mlinfra.core.Defaults;
import dev.mlinfra.core.Pattern;
import dev.mlinfra.core.Prefixes;
import java.util.Map;
import java.util.Optional;
import org.immutables.value.Value;

/** What every container has. */
public interface ContainerArgs {

  /** The container's image, with a tag or, better, a digest. Required. */
  String getImage();

  /** The id of a registry credential, for a private image. Default: none, the image is public. */
  Optional<Output<String>> getRegistryCredentialId();

  /**
   * Environment variables that are no secret. Names that begin with {@code MLINFRA_} are taken by
   * the provider, those that begin with {@code TAG_} by the cost tags. Default: none.
   */
  Map<String, Output<String>> getVariables();

  /**
   * Names of secrets of the account, by the environment variable that gets the value, such as
   * {@code secret.name()}. RunPod puts the value in when the container starts, so it is neither in
   * the program nor in the state. Default: none.
   */
  Map<String, Output<String>> getSecrets();

  /** Names of the folders on the volume. Default: datasets, models, results, checkpoints. */
  @Value.Default
  default Prefixes getPrefixes() {
    return Defaults.of(Pattern.BATCH).data().prefixes();
  }

  /**
   * Who pays. RunPod has no tags: names get project and environment in front, and containers an
   * environment variable {@code TAG_…} for each. Default: none.
   */
  Optional<CostTags> getCostTags();
}
