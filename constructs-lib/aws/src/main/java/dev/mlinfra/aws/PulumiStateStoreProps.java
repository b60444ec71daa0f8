package dev.mlinfra.aws;

import java.util.Optional;
import org.immutables.value.Value;

/** Properties of {@link PulumiStateStore}; every one has a default. */
@Value.Immutable
@PropsStyle
public interface PulumiStateStoreProps {

  /**
   * Name of the bucket, 3 to 63 lower-case letters, digits and hyphens. Give one where Pulumi's
   * settings name it before it exists. Default: chosen by CloudFormation.
   */
  Optional<String> getBucketName();

  /**
   * Alias of the key, without {@code alias/}: 1 to 250 letters, digits and {@code / _ -}, not
   * beginning with {@code aws/}; free in the account and region. Pulumi's stack files hold it.
   * Default: {@code mlinfra/pulumi}.
   */
  @Value.Default
  default String getKeyAlias() {
    return "mlinfra/pulumi";
  }

  /** Days until an overwritten or deleted version is gone for good, 1 to 3650. Default: 90. */
  @Value.Default
  default int getNoncurrentDays() {
    return 90;
  }

  /** A new builder. */
  static Builder builder() {
    return new Builder();
  }

  /** Builds {@link PulumiStateStoreProps}. */
  final class Builder extends ImmutablePulumiStateStoreProps.Builder {}
}
