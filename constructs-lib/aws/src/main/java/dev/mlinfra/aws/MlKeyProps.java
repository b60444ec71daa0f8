package dev.mlinfra.aws;

import java.util.List;
import java.util.Optional;
import org.immutables.value.Value;
import software.amazon.awscdk.Duration;

/** Properties of {@link MlKey}; every one has a default. */
@Value.Immutable
@PropsStyle
public interface MlKeyProps {

  /**
   * Services through which alone the key can be used, as in their endpoints: {@code s3}, {@code
   * secretsmanager}, {@code ssm}, {@code sqs}, {@code sns}, {@code ec2} (volumes), {@code ecr},
   * {@code eks} (secrets of a cluster), {@code elasticfilesystem} or {@code dynamodb}. Default: s3,
   * secretsmanager, ssm.
   */
  @Value.Default
  default List<String> getServices() {
    return List.of("s3", "secretsmanager", "ssm");
  }

  /**
   * Alias of the key, without {@code alias/}: 1 to 250 letters, digits and {@code / _ -}, not
   * beginning with {@code aws/}. Default: none.
   */
  Optional<String> getAlias();

  /**
   * How often the key material changes, 90 to 2560 days; old data stays readable. Default: 365
   * days.
   */
  @Value.Default
  default Duration getRotationPeriod() {
    return Duration.days(365);
  }

  /** A new builder. */
  static Builder builder() {
    return new Builder();
  }

  /** Builds {@link MlKeyProps}. */
  final class Builder extends ImmutableMlKeyProps.Builder {}
}
