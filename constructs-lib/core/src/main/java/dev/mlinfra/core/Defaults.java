package dev.mlinfra.core;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What holds when nobody says otherwise; the one place where defaults stand.
 *
 * <p>Environment files take the defaults of their {@link Pattern}; constructs used on their own
 * take those of {@link Pattern#BATCH}.
 *
 * @param organization no boundary, no path, partition {@code aws}
 * @param budget monthly 800 (batch), 1500 (realtime) or 1200 USD (hybrid), the worst case ten times
 *     as much; the rest is the same
 * @param usage a small team's month
 * @param images one image repository, for training
 * @param data days kept and folder names
 * @param prediction 3008 MB; 15 minutes, realtime 30 seconds
 * @param distributed 100 GB in ranges of 256 MB, no failure tolerated; for who wants such runs
 * @param training four types of one GPU, 64 processors, three attempts of two hours
 * @param task 1 vCPU with 2 GB for an hour; it has no name
 * @param cluster training on up to five machines of the spot market; inference on none to two
 *     (batch), one to two (hybrid) or two to ten (realtime)
 * @param nodegroup 100 GB, from no node up; it has no name, types and limit
 * @param runpod 100 GB; up to three workers that go after 30 seconds; a pod that lives two hours at
 *     most. Data center, images and the command are always given, so here they are empty
 */
public record Defaults(
    Organization organization,
    Budget budget,
    Usage usage,
    List<String> images,
    DataSettings data,
    PredictionSettings prediction,
    DistributedSettings distributed,
    TrainingSettings training,
    TaskSettings task,
    ClusterSettings cluster,
    ClusterSettings.Nodegroup nodegroup,
    RunPodSettings runpod) {

  private static final int NODE_DISK_GB = 100;

  /** The defaults of a pattern. */
  public static Defaults of(Pattern pattern) {
    return new Defaults(
        new Organization(Optional.empty(), "/", Optional.empty(), Map.of(), "aws"),
        new Budget(
            monthlyUsd(pattern), Budget.WORST_CASE_FACTOR * monthlyUsd(pattern), 0.8, 10, 1, 10, 5),
        new Usage(1000, 40, 100),
        List.of("training"),
        new DataSettings(
            90,
            30,
            14,
            7,
            new Prefixes("datasets", "models", "results", "checkpoints"),
            DataSettings.Encryption.S3,
            DataSettings.OnDelete.RETAIN),
        new PredictionSettings(
            3008,
            pattern == Pattern.REALTIME
                ? Duration.ofSeconds(30)
                : PredictionSettings.LONGEST_TIMEOUT,
            OptionalInt.empty(),
            "java25",
            2,
            Duration.ofHours(1),
            30,
            false,
            Optional.empty()),
        new DistributedSettings(
            OptionalInt.empty(), OptionalInt.empty(), 100, 256, 0, OptionalInt.empty(), 1),
        new TrainingSettings(
            "training",
            Optional.empty(),
            List.of("g5.2xlarge", "g6.2xlarge", "g5.4xlarge", "g6.4xlarge"),
            64,
            Duration.ofHours(2),
            3,
            false,
            OptionalInt.empty(),
            100,
            Optional.empty(),
            false,
            30),
        new TaskSettings(
            "",
            "training",
            Optional.empty(),
            1024,
            2048,
            Optional.empty(),
            "UTC",
            Duration.ofHours(1),
            false,
            List.of(),
            Map.of(),
            Map.of(),
            List.of(),
            7),
        new ClusterSettings("1.36", List.of(), List.of(), true, 30, nodegroups(pattern), List.of()),
        new ClusterSettings.Nodegroup("", List.of(), 0, 0, false, NODE_DISK_GB, false),
        new RunPodSettings(
            "",
            100,
            DataSettings.OnDelete.RETAIN,
            new RunPodSettings.Endpoint(
                "",
                List.of("AMPERE_16"),
                0,
                3,
                Duration.ofSeconds(30),
                Duration.ofMinutes(10),
                true,
                Map.of()),
            Optional.of(
                new RunPodSettings.Training(
                    "",
                    "",
                    Optional.empty(),
                    List.of(),
                    RunPodSettings.Cloud.SECURE,
                    Duration.ofHours(2),
                    Duration.ofMinutes(15)))));
  }

  private static List<ClusterSettings.Nodegroup> nodegroups(Pattern pattern) {
    return List.of(
        new ClusterSettings.Nodegroup(
            "training",
            List.of("g5.2xlarge", "g5.4xlarge", "g5.8xlarge", "g5.16xlarge"),
            0,
            5,
            true,
            NODE_DISK_GB,
            false),
        new ClusterSettings.Nodegroup(
            "inference",
            List.of("g5.xlarge"),
            switch (pattern) {
              case BATCH -> 0;
              case HYBRID -> 1;
              case REALTIME -> 2;
            },
            pattern == Pattern.REALTIME ? 10 : 2,
            false,
            NODE_DISK_GB,
            false));
  }

  private static double monthlyUsd(Pattern pattern) {
    return switch (pattern) {
      case BATCH -> 800;
      case REALTIME -> 1500;
      case HYBRID -> 1200;
    };
  }
}
