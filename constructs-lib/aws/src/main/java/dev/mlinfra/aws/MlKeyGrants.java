package dev.mlinfra.aws;

import dev.mlinfra.aws.internal.Statement;
import java.util.List;
import software.amazon.awscdk.services.iam.IGrantable;
import software.amazon.awscdk.services.kms.IKey;

/** Permissions on a key; each works through the services of the key's policy alone. */
public final class MlKeyGrants {
  private final IKey key;

  MlKeyGrants(IKey key) {
    this.key = key;
  }

  /** Lets a principal read what is encrypted: {@code kms:Decrypt}. */
  public void decrypt(IGrantable grantee) {
    Statement.unnamed(List.of("kms:Decrypt"), List.of(key.getKeyArn())).addTo(grantee);
  }

  /** Lets a principal write what is encrypted: {@code kms:Decrypt}, {@code kms:GenerateDataKey}. */
  public void encrypt(IGrantable grantee) {
    Statement.unnamed(List.of("kms:Decrypt", "kms:GenerateDataKey"), List.of(key.getKeyArn()))
        .addTo(grantee);
  }
}
