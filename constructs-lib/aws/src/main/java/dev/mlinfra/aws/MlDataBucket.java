package dev.mlinfra.aws;

import dev.mlinfra.aws.internal.DataLoss;
import dev.mlinfra.aws.internal.DataRules;
import dev.mlinfra.core.DataSettings.Encryption;
import dev.mlinfra.core.Prefixes;
import dev.mlinfra.core.ValidationException;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.iam.AnyPrincipal;
import software.amazon.awscdk.services.iam.Effect;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.kms.IKey;
import software.amazon.awscdk.services.kms.Key;
import software.amazon.awscdk.services.s3.BlockPublicAccess;
import software.amazon.awscdk.services.s3.Bucket;
import software.amazon.awscdk.services.s3.BucketEncryption;
import software.amazon.awscdk.services.s3.IBucket;
import software.amazon.awscdk.services.s3.LifecycleRule;
import software.amazon.awscdk.services.s3.ObjectOwnership;
import software.constructs.Construct;

/**
 * The bucket of a team's datasets, models, results and checkpoints.
 *
 * <p>Versioned, encrypted, closed to the public, reachable over TLS only, owner enforced; datasets,
 * results, checkpoints, older versions and unfinished uploads are deleted after some days, models
 * never. Retained when the stack is deleted.
 */
public final class MlDataBucket extends Construct implements IMlDataBucket {
  private final Bucket bucket;
  private final Prefixes prefixes;
  private final boolean vpcOnly;

  /** A data bucket with the defaults. */
  public MlDataBucket(Construct scope, String id) {
    this(scope, id, MlDataBucketProps.builder().build());
  }

  /**
   * A data bucket.
   *
   * @throws ValidationException with every problem of the properties
   */
  public MlDataBucket(Construct scope, String id, MlDataBucketProps props) {
    super(scope, id);
    ValidationException.throwIfAny(
        "MlDataBucket '" + getNode().getPath() + "'", DataRules.problems(props));

    prefixes = props.getPrefixes();
    vpcOnly = !props.getVpcEndpointIds().isEmpty();
    boolean destroy =
        DataLoss.isAllowed(this, props.getRemovalPolicy(), "mlinfra::dataBucket.removal");
    bucket =
        Bucket.Builder.create(this, "Resource")
            .versioned(true)
            .blockPublicAccess(BlockPublicAccess.BLOCK_ALL)
            .objectOwnership(ObjectOwnership.BUCKET_OWNER_ENFORCED)
            .enforceSsl(true)
            .encryption(
                props.getEncryption() == Encryption.KMS
                    ? BucketEncryption.KMS
                    : BucketEncryption.S3_MANAGED)
            .encryptionKey(encryptionKey(props))
            .bucketKeyEnabled(props.getEncryption() == Encryption.KMS ? true : null)
            .lifecycleRules(lifecycle(props))
            .removalPolicy(destroy ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN)
            .autoDeleteObjects(destroy)
            .serverAccessLogsBucket(props.getAccessLogsBucket().orElse(null))
            .build();
    if (vpcOnly) {
      bucket.addToResourcePolicy(onlyThrough(props.getVpcEndpointIds()));
    }
  }

  /**
   * A bucket that was made elsewhere, with the same grants and metrics.
   *
   * @param bucket the bucket, such as from {@code Bucket.fromBucketAttributes}
   * @param prefixes names of its folders
   */
  public static IMlDataBucket fromExisting(IBucket bucket, Prefixes prefixes) {
    return new Existing(bucket, prefixes, false);
  }

  /**
   * A bucket that was made elsewhere and whose objects can be reached through VPC endpoints alone.
   *
   * @param bucket the bucket, such as from {@code Bucket.fromBucketAttributes}
   * @param prefixes names of its folders
   */
  public static IMlDataBucket fromExistingVpcOnly(IBucket bucket, Prefixes prefixes) {
    return new Existing(bucket, prefixes, true);
  }

  @Override
  public IBucket getBucket() {
    return bucket;
  }

  @Override
  public Prefixes getPrefixes() {
    return prefixes;
  }

  @Override
  public boolean isVpcOnly() {
    return vpcOnly;
  }

  private IKey encryptionKey(MlDataBucketProps props) {
    if (props.getEncryption() != Encryption.KMS) {
      return null;
    }
    return props
        .getEncryptionKey()
        .orElseGet(
            () ->
                Key.Builder.create(this, "Key")
                    .description("Data of " + getNode().getPath())
                    .enableKeyRotation(true)
                    // Without its key the data is lost, so the key goes last, and late.
                    .removalPolicy(RemovalPolicy.RETAIN)
                    .build());
  }

  private static List<LifecycleRule> lifecycle(MlDataBucketProps props) {
    Prefixes prefixes = props.getPrefixes();
    return List.of(
        expire("datasets", prefixes.datasets(), props.getDatasetsDays()),
        expire("results", prefixes.results(), props.getResultsDays()),
        expire("checkpoints", prefixes.checkpoints(), props.getCheckpointsDays()),
        LifecycleRule.builder()
            .id("older-versions")
            .noncurrentVersionExpiration(Duration.days(props.getNoncurrentDays()))
            .expiredObjectDeleteMarker(true)
            .build(),
        LifecycleRule.builder()
            .id("unfinished-uploads")
            .abortIncompleteMultipartUploadAfter(Duration.days(1))
            .build());
  }

  private static LifecycleRule expire(String id, String prefix, int days) {
    return LifecycleRule.builder()
        .id(id)
        .prefix(prefix + "/")
        .expiration(Duration.days(days))
        .build();
  }

  /** Denies objects, not administration, or the stack could no longer change its own bucket. */
  private PolicyStatement onlyThrough(List<String> endpointIds) {
    return PolicyStatement.Builder.create()
        .sid("ObjectsThroughVpcEndpointsOnly")
        .effect(Effect.DENY)
        .principals(List.of(new AnyPrincipal()))
        .actions(
            List.of(
                "s3:AbortMultipartUpload",
                "s3:DeleteObject",
                "s3:DeleteObjectVersion",
                "s3:GetObject",
                "s3:GetObjectVersion",
                "s3:PutObject"))
        .resources(List.of(bucket.arnForObjects("*")))
        .conditions(Map.of("StringNotEquals", Map.of("aws:SourceVpce", endpointIds)))
        .build();
  }

  private record Existing(IBucket bucket, Prefixes prefixes, boolean vpcOnly)
      implements IMlDataBucket {
    @Override
    public IBucket getBucket() {
      return bucket;
    }

    @Override
    public Prefixes getPrefixes() {
      return prefixes;
    }

    @Override
    public boolean isVpcOnly() {
      return vpcOnly;
    }
  }
}
