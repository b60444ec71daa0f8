package dev.mlinfra.aws;

import dev.mlinfra.core.DataSettings;
import dev.mlinfra.core.Defaults;
import dev.mlinfra.core.Pattern;
import dev.mlinfra.core.Prefixes;
import java.util.List;
import java.util.Optional;
import org.immutables.value.Value;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.kms.IKey;
import software.amazon.awscdk.services.s3.IBucket;

/** Properties of {@link MlDataBucket}; every one has a default. */
@Value.Immutable
@PropsStyle
public interface MlDataBucketProps {

  /**
   * Names of the folders; each has rights and a lifetime of its own, and models are never deleted.
   * Default: datasets, models, results, checkpoints.
   */
  @Value.Default
  default Prefixes getPrefixes() {
    return defaults().prefixes();
  }

  /** Days until a dataset is deleted, 1 to 3650. Default: 90. */
  @Value.Default
  default int getDatasetsDays() {
    return defaults().datasetsDays();
  }

  /** Days until a result is deleted, 1 to 3650. Default: 30. */
  @Value.Default
  default int getResultsDays() {
    return defaults().resultsDays();
  }

  /** Days until a checkpoint is deleted, 1 to 3650. Default: 14. */
  @Value.Default
  default int getCheckpointsDays() {
    return defaults().checkpointsDays();
  }

  /** Days until an overwritten or deleted version is gone for good, 1 to 3650. Default: 7. */
  @Value.Default
  default int getNoncurrentDays() {
    return defaults().noncurrentDays();
  }

  /**
   * Who keeps the key of the data at rest: S3 (no extra cost) or a KMS key of your own with a
   * bucket key. Default: S3, and KMS when an encryption key is given.
   */
  @Value.Default
  default DataSettings.Encryption getEncryption() {
    return getEncryptionKey().isPresent() ? DataSettings.Encryption.KMS : defaults().encryption();
  }

  /** The KMS key, for encryption by KMS. Default: a new key that rotates each year. */
  Optional<IKey> getEncryptionKey();

  /**
   * What becomes of the data when the stack is deleted. {@code DESTROY} also needs the context
   * {@code mlinfra:allowDataLoss}; without it the data is retained. Warns as {@code
   * mlinfra::dataBucket.removal}. Default: {@code RETAIN}.
   */
  @Value.Default
  default RemovalPolicy getRemovalPolicy() {
    return RemovalPolicy.RETAIN;
  }

  /**
   * Ids of the VPC endpoints through which alone objects can be reached, such as {@code
   * vpce-0123456789abcdef0}. Administration of the bucket stays possible from elsewhere. Default:
   * none, so any network may be used.
   */
  List<String> getVpcEndpointIds();

  /**
   * Bucket that takes the server access logs. They cost requests; CloudTrail's data events are the
   * alternative. Default: none.
   */
  Optional<IBucket> getAccessLogsBucket();

  /** A new builder. */
  static Builder builder() {
    return new Builder();
  }

  /** Builds {@link MlDataBucketProps}. */
  final class Builder extends ImmutableMlDataBucketProps.Builder {}

  private static DataSettings defaults() {
    return Defaults.of(Pattern.BATCH).data();
  }
}
