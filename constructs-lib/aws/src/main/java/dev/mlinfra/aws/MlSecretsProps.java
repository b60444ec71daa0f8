package dev.mlinfra.aws;

import java.util.Optional;
import java.util.Set;
import org.immutables.value.Value;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.kms.IKey;
import software.amazon.awscdk.services.lambda.IFunction;

/** Properties of {@link MlSecrets}; every one has a default. */
@Value.Immutable
@PropsStyle
public interface MlSecretsProps {

  /**
   * Secrets of Secrets Manager to make, by short names such as {@code tracking-token}: 1 to 64
   * lower-case letters, digits and hyphens, first a letter. Their values are put by hand. Default:
   * none.
   */
  Set<String> getSecrets();

  /**
   * Names of {@code SecureString} parameters of Systems Manager, such as {@code
   * /ml-agent/dev/tracking-url}. They are made by hand, because CloudFormation cannot; here they
   * can be referred to. Default: none.
   */
  Set<String> getParameters();

  /**
   * Function that changes the values of the secrets, as Secrets Manager's rotation asks for.
   * Default: none, and a warning {@code mlinfra::secrets.rotation}: somebody has to.
   */
  Optional<IFunction> getRotationFunction();

  /** How often values change, 1 to 1000 days. Default: 90 days. */
  @Value.Default
  default Duration getRotationInterval() {
    return Duration.days(90);
  }

  /**
   * KMS key of the values, such as that of an {@link MlKey}. Default: keys of AWS's, at no cost.
   */
  Optional<IKey> getEncryptionKey();

  /** A new builder. */
  static Builder builder() {
    return new Builder();
  }

  /** Builds {@link MlSecretsProps}. */
  final class Builder extends ImmutableMlSecretsProps.Builder {}
}
