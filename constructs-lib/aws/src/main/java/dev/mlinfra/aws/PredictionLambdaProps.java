package dev.mlinfra.aws;

import dev.mlinfra.core.Defaults;
import dev.mlinfra.core.Pattern;
import dev.mlinfra.core.PredictionSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.immutables.value.Value;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Size;
import software.amazon.awscdk.services.ec2.ISecurityGroup;
import software.amazon.awscdk.services.ec2.IVpc;
import software.amazon.awscdk.services.ec2.SubnetSelection;
import software.amazon.awscdk.services.iam.IRole;
import software.amazon.awscdk.services.kms.IKey;
import software.amazon.awscdk.services.lambda.Runtime;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.amazon.awscdk.services.sqs.IQueue;

/** Properties of {@link PredictionLambda}; only the data has no default. */
@Value.Immutable
@PropsStyle
public interface PredictionLambdaProps {

  /** Where datasets and models are read from and results are written to. Required. */
  IMlDataBucket getData();

  /** Memory, 128 to 10240 MB; 1769 MB are one vCPU. Default: 3008 MB. */
  @Value.Default
  default Size getMemory() {
    return Size.mebibytes(defaults().memoryMb());
  }

  /** Longest run, 1 second to 15 minutes. Default: 15 minutes. */
  @Value.Default
  default Duration getTimeout() {
    return Duration.seconds(defaults().timeout().toSeconds());
  }

  /**
   * Runs at one time at most, 1 to 1000; 10 bounds the cost, but new accounts have too little to
   * reserve. Default: the account's limit.
   */
  Optional<Integer> getReservedConcurrency();

  /**
   * Lambda runtime, {@code java21} or {@code java25}: older ones cannot load ONNX Runtime (glibc
   * 2.28). Default: {@code java25}.
   */
  @Value.Default
  default Runtime getRuntime() {
    return Runtime.JAVA_25;
  }

  /** Further tries of a failed asynchronous call, 0 to 2. Default: 2. */
  @Value.Default
  default int getRetryAttempts() {
    return defaults().retryAttempts();
  }

  /** Age at which an asynchronous call is given up, 1 minute to 6 hours. Default: 1 hour. */
  @Value.Default
  default Duration getMaxEventAge() {
    return Duration.seconds(defaults().maxEventAge().toSeconds());
  }

  /**
   * Queue that takes the asynchronous calls that failed for good. Default: a new queue, encrypted,
   * that keeps them for 14 days.
   */
  Optional<IQueue> getFailureQueue();

  /** How long logs are kept; Lambda's own log groups keep them for ever. Default: one month. */
  @Value.Default
  default RetentionDays getLogRetention() {
    return RetentionDays.ONE_MONTH;
  }

  /** X-Ray traces, which need two permissions on {@code *}. Default: off. */
  @Value.Default
  default boolean isTracing() {
    return false;
  }

  /**
   * Role of the function; the permissions that it needs are added. Default: a new role that has
   * nothing else.
   */
  Optional<IRole> getRole();

  /** Path of the new role, such as {@code /ml/}. Default: {@code /}. */
  @Value.Default
  default String getRolePath() {
    return "/";
  }

  /**
   * Network of the function; needed when the bucket is reached through endpoints alone. Default:
   * none, so it reaches S3 over Lambda's own network.
   */
  Optional<IVpc> getVpc();

  /** Subnets in the network. Default: the CDK's choice, its private subnets. */
  Optional<SubnetSelection> getVpcSubnets();

  /** Security groups in the network. Default: a new one that lets nothing in. */
  List<ISecurityGroup> getSecurityGroups();

  /** KMS key of the environment variables. Default: Lambda's own. */
  Optional<IKey> getEnvironmentKey();

  /** Archive of the function's code. Default: the one that comes with mlinfra. */
  Optional<Path> getCode();

  /**
   * Archive of the layer with the libraries; with the function at most 250 MB unzipped. Default:
   * the one that comes with mlinfra.
   */
  Optional<Path> getLayer();

  /** A new builder. */
  static Builder builder() {
    return new Builder();
  }

  /** Builds {@link PredictionLambdaProps}. */
  final class Builder extends ImmutablePredictionLambdaProps.Builder {}

  private static PredictionSettings defaults() {
    return Defaults.of(Pattern.BATCH).prediction();
  }
}
