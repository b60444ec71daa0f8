package dev.mlinfra.aws;

import dev.mlinfra.aws.internal.Statement;
import java.util.List;
import java.util.Optional;
import software.amazon.awscdk.services.iam.IGrantable;
import software.amazon.awscdk.services.kms.IKey;

/**
 * Permissions on single secrets and parameters; with a KMS key of your own {@code kms:Decrypt} on
 * it.
 */
public final class MlSecretsGrants {
  private final MlSecrets secrets;
  private final Optional<IKey> key;

  MlSecretsGrants(MlSecrets secrets, Optional<IKey> key) {
    this.secrets = secrets;
    this.key = key;
  }

  /**
   * Lets a principal read one value: {@code secretsmanager:GetSecretValue} or {@code
   * ssm:GetParameters}.
   *
   * @param name of a secret or parameter
   */
  public void read(IGrantable grantee, String name) {
    String arn = secrets.valueFrom(name);
    boolean isSecret = secrets.getSecrets().containsKey(name);
    Statement.unnamed(
            List.of(isSecret ? "secretsmanager:GetSecretValue" : "ssm:GetParameters"), List.of(arn))
        .addTo(grantee);
    key.ifPresent(
        it -> Statement.unnamed(List.of("kms:Decrypt"), List.of(it.getKeyArn())).addTo(grantee));
  }
}
