package dev.mlinfra.runpod.internal;

import dev.mlinfra.core.Problem;
import dev.mlinfra.core.RunPodSettings.Cloud;
import dev.mlinfra.cost.InstanceTypes;
import dev.mlinfra.cost.Price;
import dev.mlinfra.cost.PriceBook;
import dev.mlinfra.cost.Sizing;
import dev.mlinfra.runpod.RunPodTrainingPodArgs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Which GPUs a training pod may have, and what is wrong with what was asked for.
 *
 * @param gpus GPU types, the preferred one first; useless when there are problems
 * @param hourlyUsd what an hour costs with the dearest of them
 * @param problems why there can be no such pod
 * @param warnings what works, but not as one may think
 */
public record TrainingPlan(
    List<String> gpus, double hourlyUsd, List<Problem> problems, List<String> warnings) {
  private static final int CANDIDATES = 3;
  private static final double SECONDS_PER_HOUR = 3600;

  public TrainingPlan {
    gpus = List.copyOf(gpus);
    problems = List.copyOf(problems);
    warnings = List.copyOf(warnings);
  }

  private record Priced(String gpu, Optional<Price> price) {}

  /** Decides. */
  public static TrainingPlan of(RunPodTrainingPodArgs args) {
    List<Problem> problems = new ArrayList<>(ContainerRules.problems(args));
    bounds(args, problems);
    refused(args, problems);
    cloud(args, problems);
    List<Priced> candidates = candidates(args, problems);
    double dearest = cap(args, candidates, problems);
    List<String> warnings = new ArrayList<>(ContainerRules.warnings(args));
    if (args.getCloud() == Cloud.COMMUNITY) {
      warnings.add(
          "cloud: COMMUNITY runs on machines of strangers, who could read data, models and secrets;"
              + " SECURE does not");
    }
    if (args.getVolume().isEmpty()) {
      warnings.add(
          "volume: none, so what training writes is gone with the pod unless the command uploads it");
    }
    return new TrainingPlan(
        candidates.stream().map(Priced::gpu).toList(), dearest, problems, warnings);
  }

  private static void bounds(RunPodTrainingPodArgs args, List<Problem> problems) {
    if (args.getCommand().isBlank() || args.getCommand().contains("\n")) {
      problems.add(
          Problem.of(
              "command",
              args.getCommand().isBlank() ? "is blank" : "has several lines",
              "one line for a shell, such as python3 train.py",
              ""));
    }
    ContainerRules.range("gpuCount", args.getGpuCount(), 1, 8, "", problems);
    ContainerRules.range("diskGb", args.getDiskGb(), 1, 1000, " GB", problems);
    ContainerRules.within(
        "maxLifetime", args.getMaxLifetime(), Duration.ofMinutes(1), Duration.ofDays(7), problems);
    ContainerRules.within(
        "idleTimeout", args.getIdleTimeout(), Duration.ofMinutes(1), Duration.ofDays(1), problems);
    args.getDataCenterIds()
        .forEach(place -> ContainerRules.dataCenter("dataCenterIds", place, problems));
    positive("maxHourlyUsd", args.getMaxHourlyUsd(), problems);
    positive("maxJobUsd", args.getMaxJobUsd(), problems);
  }

  private static void positive(String path, double usd, List<Problem> problems) {
    if (!(usd > 0)) {
      problems.add(Problem.of(path, "given " + usd, "more than 0 USD", ""));
    }
  }

  /** What RunPod once had, so that who looks for it learns why it is not there. */
  private static void refused(RunPodTrainingPodArgs args, List<Problem> problems) {
    if (args.isSpot()) {
      problems.add(
          Problem.of(
              "spot",
              "given true",
              "false",
              "REST v2 has no spot or interruptible pods; for cheaper machines take cloud COMMUNITY"));
    }
    bandwidth("minDownloadMbps", args.getMinDownloadMbps().isPresent(), problems);
    bandwidth("minUploadMbps", args.getMinUploadMbps().isPresent(), problems);
  }

  private static void bandwidth(String path, boolean given, List<Problem> problems) {
    if (given) {
      problems.add(
          Problem.of(
              path,
              "given a bandwidth",
              "nothing",
              "REST v2 cannot choose machines by bandwidth; put the data on a network volume"));
    }
  }

  private static void cloud(RunPodTrainingPodArgs args, List<Problem> problems) {
    if (args.getCloud() == Cloud.COMMUNITY && args.getVolume().isPresent()) {
      problems.add(
          Problem.of(
              "cloud",
              "given COMMUNITY together with a volume",
              "SECURE with a volume, or COMMUNITY without",
              "the community cloud has no network volumes"));
    }
    if (args.getVolume().isPresent() && !args.getDataCenterIds().isEmpty()) {
      problems.add(
          Problem.of(
              "dataCenterIds",
              "given " + args.getDataCenterIds() + " together with a volume",
              "nothing: the pod goes where its volume is",
              "leave dataCenterIds out"));
    }
  }

  private static List<Priced> candidates(RunPodTrainingPodArgs args, List<Problem> problems) {
    if (!args.getGpus().isEmpty()) {
      return args.getGpus().stream().map(gpu -> new Priced(gpu, price(args, gpu))).toList();
    }
    Optional<Double> dataGb = args.getDataGb();
    if (dataGb.isEmpty()) {
      problems.add(
          Problem.of("dataGb", "is missing", "the size of the data in GB, or gpus", "give one"));
      return List.of();
    }
    if (!(dataGb.get() > 0 && dataGb.get() <= Sizing.MAX_GB)) {
      problems.add(
          Problem.of(
              "dataGb",
              "given " + dataGb.get(),
              String.format(Locale.ROOT, "more than 0, at most %.0f GB", Sizing.MAX_GB),
              ""));
      return List.of();
    }
    List<Priced> fitting =
        Sizing.choices(dataGb.get(), "runpod", args.getPrices(), InstanceTypes.bundled()).stream()
            .map(choice -> new Priced(choice.type().type(), price(args, choice.type().type())))
            .filter(priced -> priced.price().isPresent())
            .sorted(
                Comparator.comparingDouble(priced -> hourly(args, priced.price().orElseThrow())))
            .limit(CANDIDATES)
            .toList();
    if (fitting.isEmpty()) {
      problems.add(
          Problem.of(
              "dataGb",
              "given "
                  + dataGb.get()
                  + ", for which no GPU of cloud "
                  + args.getCloud()
                  + " has a price",
              "gpus",
              "name the GPUs, or refresh the prices: mlinfra catalog refresh"));
    }
    return fitting;
  }

  /** The dearest hour; a problem for each GPU that is over a cap, or of which nobody knows. */
  private static double cap(
      RunPodTrainingPodArgs args, List<Priced> candidates, List<Problem> problems) {
    double hours = args.getMaxLifetime().toSeconds() / SECONDS_PER_HOUR;
    double dearest = 0;
    for (Priced candidate : candidates) {
      if (candidate.price().isEmpty()) {
        problems.add(
            Problem.of(
                "gpus",
                "'" + candidate.gpu() + "' has no price in cloud " + args.getCloud(),
                "GPU types with a price, so that the caps can hold",
                "take another one, or refresh the prices: mlinfra catalog refresh"));
        continue;
      }
      double hourly = hourly(args, candidate.price().get());
      dearest = Math.max(dearest, hourly);
      if (hourly > args.getMaxHourlyUsd()) {
        problems.add(
            Problem.of(
                "gpus",
                usd("%d x %s costs %.2f USD an hour", args.getGpuCount(), candidate.gpu(), hourly),
                usd("at most %.2f USD", args.getMaxHourlyUsd()),
                "take a smaller one, or raise maxHourlyUsd"));
      }
      if (hourly * hours > args.getMaxJobUsd()) {
        problems.add(
            Problem.of(
                "maxLifetime",
                usd(
                    "%.2f hours of %d x %s cost %.2f USD",
                    hours, args.getGpuCount(), candidate.gpu(), hourly * hours),
                usd("at most %.2f USD", args.getMaxJobUsd()),
                "shorten maxLifetime, take a smaller GPU, or raise maxJobUsd"));
      }
    }
    return dearest;
  }

  private static Optional<Price> price(RunPodTrainingPodArgs args, String gpu) {
    return args.getPrices()
        .find("runpod", PriceBook.referenceRegion("runpod"), "pod", gpu + " " + args.getCloud());
  }

  private static double hourly(RunPodTrainingPodArgs args, Price price) {
    return price.usd().high() * args.getGpuCount();
  }

  private static String usd(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
