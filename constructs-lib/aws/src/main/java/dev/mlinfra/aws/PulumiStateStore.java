package dev.mlinfra.aws;

import dev.mlinfra.aws.internal.StateRules;
import dev.mlinfra.core.ValidationException;
import java.util.List;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.kms.Alias;
import software.amazon.awscdk.services.kms.IAlias;
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
 * Where a team keeps Pulumi's state: a bucket for the state and a KMS key, for the state at rest
 * and for the secrets in it.
 *
 * <p>The bucket is versioned, closed to the public, reachable over TLS only, owner enforced; the
 * key rotates each year. Both are retained when the stack is deleted: without them, what Pulumi
 * made can no longer be managed.
 *
 * <pre>{@code
 * pulumi login "BACKEND_URL"
 * pulumi stack init dev --secrets-provider="SECRETS_PROVIDER"
 * }</pre>
 */
public final class PulumiStateStore extends Construct {
  private final String keyAlias;
  private final Key key;
  private final Alias alias;
  private final Bucket bucket;

  /** A state store with the defaults. */
  public PulumiStateStore(Construct scope, String id) {
    this(scope, id, PulumiStateStoreProps.builder().build());
  }

  /**
   * A state store.
   *
   * @throws ValidationException with every problem of the properties
   */
  public PulumiStateStore(Construct scope, String id, PulumiStateStoreProps props) {
    super(scope, id);
    ValidationException.throwIfAny(
        "PulumiStateStore '" + getNode().getPath() + "'", StateRules.problems(props));

    keyAlias = "alias/" + props.getKeyAlias();
    key =
        Key.Builder.create(this, "Key")
            .description("Pulumi's state and the secrets in it")
            .enableKeyRotation(true)
            .removalPolicy(RemovalPolicy.RETAIN)
            .build();
    alias =
        Alias.Builder.create(this, "Alias")
            .aliasName(keyAlias)
            .targetKey(key)
            .removalPolicy(RemovalPolicy.RETAIN)
            .build();
    bucket =
        Bucket.Builder.create(this, "Resource")
            .bucketName(props.getBucketName().orElse(null))
            .versioned(true)
            .blockPublicAccess(BlockPublicAccess.BLOCK_ALL)
            .objectOwnership(ObjectOwnership.BUCKET_OWNER_ENFORCED)
            .enforceSsl(true)
            .encryption(BucketEncryption.KMS)
            .encryptionKey(key)
            .bucketKeyEnabled(true)
            .lifecycleRules(
                List.of(
                    LifecycleRule.builder()
                        .id("older-versions")
                        .noncurrentVersionExpiration(Duration.days(props.getNoncurrentDays()))
                        .expiredObjectDeleteMarker(true)
                        .build(),
                    LifecycleRule.builder()
                        .id("unfinished-uploads")
                        .abortIncompleteMultipartUploadAfter(Duration.days(1))
                        .build()))
            .removalPolicy(RemovalPolicy.RETAIN)
            .build();
  }

  /** The bucket of the state. */
  public IBucket getBucket() {
    return bucket;
  }

  /** The key of the state and its secrets. */
  public IKey getKey() {
    return key;
  }

  /** The alias by which Pulumi names the key. */
  public IAlias getAlias() {
    return alias;
  }

  /** What {@code pulumi login} takes: {@code s3://BUCKET?region=REGION}. */
  public String getBackendUrl() {
    return "s3://" + bucket.getBucketName() + "?region=" + Stack.of(this).getRegion();
  }

  /** What {@code --secrets-provider} takes: {@code awskms://alias/ALIAS?region=REGION}. */
  public String getSecretsProvider() {
    return "awskms://" + keyAlias + "?region=" + Stack.of(this).getRegion();
  }

  /** Permissions on the state. */
  public PulumiStateStoreGrants getGrants() {
    return new PulumiStateStoreGrants(bucket, key);
  }
}
