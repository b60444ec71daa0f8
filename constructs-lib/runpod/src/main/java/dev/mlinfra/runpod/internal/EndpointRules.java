package dev.mlinfra.runpod.internal;

import dev.mlinfra.core.DataSettings.OnDelete;
import dev.mlinfra.core.Problem;
import dev.mlinfra.runpod.RunPodVolumeAndEndpointArgs;
import dev.mlinfra.runpod.S3Access;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a volume with an endpoint must satisfy. */
public final class EndpointRules {
  private static final int MOST_WORKERS = 60;
  private static final Pattern POOL = Pattern.compile("[A-Z]+_[0-9]+(_PRO)?");

  private EndpointRules() {}

  /** Every problem of the arguments. */
  public static List<Problem> problems(RunPodVolumeAndEndpointArgs args) {
    List<Problem> problems = new ArrayList<>(ContainerRules.problems(args));
    ContainerRules.dataCenter("dataCenter", args.getDataCenter(), problems);
    ContainerRules.range("volumeGb", args.getVolumeGb(), 10, 4096, " GB", problems);
    if (!args.getDataCenterIds().equals(List.of(args.getDataCenter()))) {
      problems.add(
          Problem.of(
              "dataCenterIds",
              "given " + args.getDataCenterIds() + " for a volume in " + args.getDataCenter(),
              "[" + args.getDataCenter() + "]",
              "a worker reaches a volume in its own data center alone; leave dataCenterIds out"));
    }
    if (args.getGpuPools().isEmpty()) {
      problems.add(Problem.of("gpuPools", "given none", "at least one, such as AMPERE_16", ""));
    }
    for (String pool : args.getGpuPools()) {
      if (!POOL.matcher(pool).matches()) {
        problems.add(
            Problem.of(
                "gpuPools",
                "given '" + pool + "'",
                "GPU pools such as AMPERE_16 or ADA_24",
                "endpoints take pools, not GPU types"));
      }
    }
    ContainerRules.range("gpuCount", args.getGpuCount(), 1, 8, "", problems);
    ContainerRules.range("workersMax", args.getWorkersMax(), 1, MOST_WORKERS, "", problems);
    ContainerRules.range(
        "workersMin", args.getWorkersMin(), 0, Math.max(0, args.getWorkersMax()), "", problems);
    ContainerRules.within(
        "idleTimeout", args.getIdleTimeout(), Duration.ofSeconds(1), Duration.ofHours(1), problems);
    ContainerRules.within(
        "timeout", args.getTimeout(), Duration.ofSeconds(5), Duration.ofDays(7), problems);
    if (!(args.getQueueDelaySeconds() >= 0.5)) {
      problems.add(
          Problem.of(
              "queueDelaySeconds", "given " + args.getQueueDelaySeconds(), "at least 0.5", ""));
    }
    ContainerRules.range("diskGb", args.getDiskGb(), 1, 1000, " GB", problems);
    return problems;
  }

  /** What works, but not as one may think. */
  public static List<String> warnings(RunPodVolumeAndEndpointArgs args) {
    List<String> warnings = new ArrayList<>(ContainerRules.warnings(args));
    if (args.getOnDelete() == OnDelete.DESTROY && !args.isAllowDataLoss()) {
      warnings.add(
          "onDelete: DESTROY without allowDataLoss, so the volume is retained, and billed, when the"
              + " stack is destroyed");
    }
    if (args.getWorkersMin() > 0) {
      warnings.add(
          "workersMin: "
              + args.getWorkersMin()
              + " workers are billed around the clock, whether there are jobs or not");
    }
    if (S3Access.of(args.getDataCenter()).isEmpty()) {
      warnings.add(
          "dataCenter: "
              + args.getDataCenter()
              + " has no S3-compatible API, so only containers can put files on the volume");
    }
    return warnings;
  }

  /** Whether the volume stays when the stack is destroyed. */
  public static boolean retains(RunPodVolumeAndEndpointArgs args) {
    return args.getOnDelete() == OnDelete.RETAIN || !args.isAllowDataLoss();
  }

  /**
   * What is wrong with a volume that exists, once it is known where it is.
   *
   * @param wanted what the arguments say
   * @param found where it is
   */
  public static Optional<Problem> agreement(String wanted, String found) {
    return wanted.equals(found)
        ? Optional.empty()
        : Optional.of(
            Problem.of(
                "dataCenter",
                "given '" + wanted + "', but the volume is in " + found,
                found,
                "a worker reaches a volume in its own data center alone"));
  }
}
