package dev.mlinfra.aws;

import dev.mlinfra.aws.internal.Statement;
import java.util.List;
import software.amazon.awscdk.services.iam.IGrantable;
import software.amazon.awscdk.services.kms.IKey;
import software.amazon.awscdk.services.s3.IBucket;

/** Permissions on Pulumi's state. */
public final class PulumiStateStoreGrants {
  private final IBucket bucket;
  private final IKey key;

  PulumiStateStoreGrants(IBucket bucket, IKey key) {
    this.bucket = bucket;
    this.key = key;
  }

  /**
   * Lets a principal run any command of Pulumi on the state. Deleting is part of it, as stacks are
   * locked by objects. Deleting leaves the older version, which the principal can neither read nor
   * remove.
   */
  public void readWrite(IGrantable grantee) {
    Statement.of("ListState", List.of("s3:ListBucket"), List.of(bucket.getBucketArn()))
        .addTo(grantee);
    Statement.of(
            "ReadAndWriteState",
            List.of("s3:DeleteObject", "s3:GetObject", "s3:PutObject"),
            List.of(bucket.arnForObjects("*")))
        .addTo(grantee);
    // S3 takes a data key for each object; Pulumi encrypts its own key of the stack's secrets.
    Statement.of(
            "UseStateKey",
            List.of("kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"),
            List.of(key.getKeyArn()))
        .addTo(grantee);
  }
}
