package dev.mlinfra.aws;

import java.util.Optional;
import org.immutables.value.Value;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.kms.IKey;

/** Properties of {@link ImageRepository}. */
@Value.Immutable
@PropsStyle
public interface ImageRepositoryProps {

  /**
   * Name of the repository, such as {@code ml-agent/training}: 2 to 256 lower-case letters, digits
   * and {@code . _ - /}, first a letter. Required and fixed, because pipelines name it.
   */
  String getRepositoryName();

  /** How many images are kept, 1 to 1000; older ones are deleted. Default: 20. */
  @Value.Default
  default int getKeptImages() {
    return 20;
  }

  /** KMS key of the images. Default: a key of ECR's own (AES-256), at no cost. */
  Optional<IKey> getEncryptionKey();

  /**
   * What becomes of the images when the stack is deleted. {@code DESTROY} also needs the context
   * {@code mlinfra:allowDataLoss}; without it they are retained. Warns as {@code
   * mlinfra::imageRepository.removal}. Default: {@code RETAIN}.
   */
  @Value.Default
  default RemovalPolicy getRemovalPolicy() {
    return RemovalPolicy.RETAIN;
  }

  /** A new builder. */
  static Builder builder() {
    return new Builder();
  }

  /** Builds {@link ImageRepositoryProps}. */
  final class Builder extends ImmutableImageRepositoryProps.Builder {}
}
