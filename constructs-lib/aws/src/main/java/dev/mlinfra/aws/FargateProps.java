package dev.mlinfra.aws;

import dev.mlinfra.core.Defaults;
import dev.mlinfra.core.Pattern;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.immutables.value.Value;
import software.amazon.awscdk.interfaces.ecs.IClusterRef;
import software.amazon.awscdk.services.iam.IRole;
import software.amazon.awscdk.services.logs.RetentionDays;

/** What everything on Fargate has in common. */
public interface FargateProps {

  /** The image of the program. Required. */
  TaskImage getImage();

  /** Where it runs. Required. */
  IMlNetwork getNetwork();

  /** CPU units, 1024 for each vCPU: 256, 512, 1024, 2048, 4096, 8192 or 16384. Default: 1024. */
  @Value.Default
  default int getCpu() {
    return Defaults.of(Pattern.BATCH).task().cpu();
  }

  /** Memory in MB; Fargate has certain pairs of CPU and memory. Default: 2048. */
  @Value.Default
  default int getMemoryMb() {
    return Defaults.of(Pattern.BATCH).task().memoryMb();
  }

  /** Disk of the task in GB, 20 to 200. What is above 20 costs. Default: 20. */
  @Value.Default
  default int getStorageGb() {
    return 20;
  }

  /** Whether the image is for ARM processors, which cost less. Default: no. */
  @Value.Default
  default boolean isArm64() {
    return false;
  }

  /** The command, in place of the image's own. Default: that of the image. */
  List<String> getCommand();

  /** Variables of the program; none may be a secret. Default: none. */
  Map<String, String> getEnvironment();

  /** Where {@code secretVariables} are kept. Default: none. */
  Optional<MlSecrets> getSecrets();

  /**
   * Variables of the program that are secret, each with the name in {@code secrets}. Default: none.
   */
  Map<String, String> getSecretVariables();

  /**
   * The data bucket. The program may read datasets and write models and results, and finds the
   * bucket's name in {@code MLINFRA_BUCKET}. Default: none, and no right on any data.
   */
  Optional<IMlDataBucket> getData();

  /** The cluster. Default: one of its own. */
  Optional<IClusterRef> getCluster();

  /** Role of the program. Default: one that may do what is asked for here, and no more. */
  Optional<IRole> getTaskRole();

  /** How long logs are kept. Default: one week. */
  @Value.Default
  default RetentionDays getLogRetention() {
    return RetentionDays.ONE_WEEK;
  }

  /** Whether Container Insights measures the tasks, in a cluster of its own. Default: off. */
  @Value.Default
  default boolean isContainerInsights() {
    return false;
  }

  /** Whether the program may write traces of X-Ray. Default: off. */
  @Value.Default
  default boolean isTracing() {
    return false;
  }

  /** Path of the roles, such as {@code /ml/}. Default: {@code /}. */
  @Value.Default
  default String getRolePath() {
    return "/";
  }
}
