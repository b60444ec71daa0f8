package dev.mlinfra.aws;

import dev.mlinfra.core.Prefixes;
import java.util.List;
import software.amazon.awscdk.services.iam.IGrantable;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.kms.IKey;
import software.amazon.awscdk.services.s3.IBucket;

/**
 * Permissions on the folders of a data bucket. Each names its actions and one folder; with a KMS
 * key the actions on that key come with it.
 */
public final class MlDataBucketGrants {
  private final IBucket bucket;
  private final Prefixes prefixes;

  MlDataBucketGrants(IBucket bucket, Prefixes prefixes) {
    this.bucket = bucket;
    this.prefixes = prefixes;
  }

  /** Lets a principal read datasets: {@code s3:GetObject}. */
  public void readDatasets(IGrantable grantee) {
    read(grantee, prefixes.datasets());
  }

  /** Lets a principal read older versions of datasets: {@code s3:GetObjectVersion}. */
  public void readDatasetVersions(IGrantable grantee) {
    readVersions(grantee, prefixes.datasets());
  }

  /** Lets a principal write datasets: {@code s3:PutObject}. */
  public void writeDatasets(IGrantable grantee) {
    write(grantee, prefixes.datasets());
  }

  /** Lets a principal read models: {@code s3:GetObject}. */
  public void readModels(IGrantable grantee) {
    read(grantee, prefixes.models());
  }

  /** Lets a principal read older versions of models: {@code s3:GetObjectVersion}. */
  public void readModelVersions(IGrantable grantee) {
    readVersions(grantee, prefixes.models());
  }

  /** Lets a principal write models: {@code s3:PutObject}. */
  public void writeModels(IGrantable grantee) {
    write(grantee, prefixes.models());
  }

  /**
   * Lets a principal write models of one version, below {@code models/VERSION/}: {@code
   * s3:PutObject}.
   */
  public void writeModels(IGrantable grantee, String version) {
    write(grantee, prefixes.models() + "/" + version);
  }

  /** Lets a principal read results: {@code s3:GetObject}. */
  public void readResults(IGrantable grantee) {
    read(grantee, prefixes.results());
  }

  /** Lets a principal read older versions of results: {@code s3:GetObjectVersion}. */
  public void readResultVersions(IGrantable grantee) {
    readVersions(grantee, prefixes.results());
  }

  /**
   * Lets a principal write results: {@code s3:PutObject}, and {@code s3:AbortMultipartUpload}, or
   * the parts of a long one that failed would be kept, and paid for, until the bucket's lifecycle
   * rule finds them.
   */
  public void writeResults(IGrantable grantee) {
    write(grantee, List.of("s3:AbortMultipartUpload", "s3:PutObject"), prefixes.results());
  }

  /** Lets a principal read checkpoints: {@code s3:GetObject}. */
  public void readCheckpoints(IGrantable grantee) {
    read(grantee, prefixes.checkpoints());
  }

  /** Lets a principal read older versions of checkpoints: {@code s3:GetObjectVersion}. */
  public void readCheckpointVersions(IGrantable grantee) {
    readVersions(grantee, prefixes.checkpoints());
  }

  /** Lets a principal write checkpoints: {@code s3:PutObject}. */
  public void writeCheckpoints(IGrantable grantee) {
    write(grantee, prefixes.checkpoints());
  }

  private void read(IGrantable grantee, String prefix) {
    allow(grantee, List.of("s3:GetObject"), prefix, List.of("kms:Decrypt"));
  }

  private void readVersions(IGrantable grantee, String prefix) {
    allow(grantee, List.of("s3:GetObjectVersion"), prefix, List.of("kms:Decrypt"));
  }

  private void write(IGrantable grantee, String prefix) {
    write(grantee, List.of("s3:PutObject"), prefix);
  }

  private void write(IGrantable grantee, List<String> actions, String prefix) {
    // S3 decrypts the parts of a multipart upload when it joins them.
    allow(grantee, actions, prefix, List.of("kms:Decrypt", "kms:GenerateDataKey"));
  }

  /**
   * Statements of our own instead of the bucket's grants: those would add wildcard actions and, for
   * keys, statements on both sides.
   */
  private void allow(
      IGrantable grantee, List<String> actions, String prefix, List<String> keyActions) {
    grantee
        .getGrantPrincipal()
        .addToPrincipalPolicy(
            PolicyStatement.Builder.create()
                .actions(actions)
                .resources(List.of(bucket.arnForObjects(prefix + "/*")))
                .build());
    IKey key = bucket.getEncryptionKey();
    if (key != null) {
      grantee
          .getGrantPrincipal()
          .addToPrincipalPolicy(
              PolicyStatement.Builder.create()
                  .actions(keyActions)
                  .resources(List.of(key.getKeyArn()))
                  .build());
    }
  }
}
