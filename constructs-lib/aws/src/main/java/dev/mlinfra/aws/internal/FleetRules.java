package dev.mlinfra.aws.internal;

import dev.mlinfra.aws.SpotTrainingFleetProps;
import dev.mlinfra.core.Problem;
import dev.mlinfra.cost.Price;
import dev.mlinfra.cost.PriceBook;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What the properties of training fleets must satisfy. */
public final class FleetRules {
  /** What the construct sets itself. */
  private static final Set<String> RESERVED =
      Set.of(
          "GIT_SHA", "MLINFRA_BUCKET", "MLINFRA_CHECKPOINTS", "MLINFRA_DATASETS", "MLINFRA_MODELS");

  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final Pattern VERSION = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
  private static final Pattern PARAMETER = Pattern.compile("(/[A-Za-z0-9_.-]+){1,15}");
  private static final long MOST_SECONDS = 14 * 86_400L;

  private FleetRules() {}

  /**
   * Every problem of the properties.
   *
   * @param region where prices are looked up
   */
  public static List<Problem> problems(
      SpotTrainingFleetProps props, PriceBook prices, String region) {
    List<Problem> problems = new ArrayList<>(TrainingMachines.problems(props.getInstanceTypes()));
    if (new HashSet<>(props.getInstanceTypes()).size() < props.getInstanceTypes().size()) {
      problems.add(
          Problem.of("instanceTypes", "given " + props.getInstanceTypes(), "each type once", ""));
    }
    boolean known = problems.isEmpty();
    long seconds = props.getMaxRuntime().toSeconds().longValue();
    range("maxConcurrentJobs", props.getMaxConcurrentJobs(), 1, 1000, problems);
    range("attempts", props.getAttempts(), 2, 10, problems);
    range("diskGb", props.getDiskGb(), 30, 16_384, problems);
    props.getNodes().ifPresent(nodes -> range("nodes", nodes, 2, 64, problems));
    if (seconds < 60 || seconds > MOST_SECONDS) {
      problems.add(
          Problem.of(
              "maxRuntime",
              "given " + props.getMaxRuntime().toHumanString(),
              "1 minute to 14 days",
              ""));
    }
    if (!(props.getWarnAt() >= 0.1 && props.getWarnAt() <= 1)) {
      problems.add(Problem.of("warnAt", "given " + props.getWarnAt(), "0.1 to 1", ""));
    }
    for (String name : props.getEnvironment().keySet()) {
      IamNames.check(
          "environment",
          name,
          VARIABLE,
          "names of letters, digits and _, first no digit",
          problems);
      if (RESERVED.contains(name)) {
        problems.add(
            Problem.of("environment", "given '" + name + "'", "other names", "it is set already"));
      }
    }
    props
        .getModelVersion()
        .ifPresent(
            version ->
                IamNames.check(
                    "modelVersion", version, VERSION, "a commit, such as 3f2c1ab", problems));
    props
        .getAmiParameter()
        .ifPresent(
            name ->
                IamNames.check(
                    "amiParameter", name, PARAMETER, "a name such as /ml-agent/ami/gpu", problems));
    IamNames.path("rolePath", props.getRolePath(), problems);
    if (known) {
      TrainingMachines machines = TrainingMachines.of(props.getInstanceTypes());
      size(props, machines, problems);
      if (problems.isEmpty()) {
        budget(props, machines, prices, region).ifPresent(problems::add);
      }
    }
    return problems;
  }

  private static void size(
      SpotTrainingFleetProps props, TrainingMachines machines, List<Problem> problems) {
    int vcpus = props.getVcpus().orElse(machines.vcpus());
    most("vcpus", vcpus, machines.vcpus(), "the smallest machine", problems);
    most(
        "memoryMib",
        props.getMemoryMib().orElse(machines.memoryMib()),
        machines.memoryMib(),
        "90 percent of the smallest machine",
        problems);
    int accelerators = props.getAccelerators().orElse(machines.accelerators());
    if (accelerators < 0 || accelerators > machines.accelerators()) {
      problems.add(
          Problem.of(
              "accelerators",
              "given " + accelerators,
              "0 to %d, those of the machine that has fewest".formatted(machines.accelerators()),
              ""));
    }
    int ofOneJob = vcpus * props.getNodes().orElse(1);
    if (props.getMaxVcpus() < ofOneJob) {
      problems.add(
          Problem.of(
              "maxVcpus",
              "given " + props.getMaxVcpus(),
              "at least %d, those of one job".formatted(ofOneJob),
              "no job could start"));
    }
    if (props.isOnDemandFallback() && props.getMaxConcurrentJobs() == 1) {
      problems.add(
          Problem.of(
              "maxConcurrentJobs",
              "given 1 with onDemandFallback",
              "at least 2, one on spot and one on demand",
              "raise it, or leave the fallback out"));
    }
  }

  /** Attempts x time x the dearest price, against what a job may cost. */
  private static Optional<Problem> budget(
      SpotTrainingFleetProps props, TrainingMachines machines, PriceBook prices, String region) {
    Optional<Price> dearest = machines.dearest(prices, region);
    if (dearest.isEmpty()) {
      return Optional.empty();
    }
    int nodes = props.getNodes().orElse(1);
    double hours = props.getMaxRuntime().toSeconds().doubleValue() / 3600;
    double hourly = dearest.get().usd().high();
    double usd = props.getAttempts() * hours * hourly * nodes;
    if (Math.round(usd * 100) <= Math.round(props.getJobBudgetUsd() * 100)) {
      return Optional.empty();
    }
    double most = props.getJobBudgetUsd() / (props.getAttempts() * hourly * nodes) * 60;
    return Optional.of(
        Problem.of(
            "jobBudgetUsd",
            "one job can cost %d attempts x %s h x %s%s USD (%s on demand) = %s USD"
                .formatted(
                    props.getAttempts(),
                    number(hours),
                    nodes == 1 ? "" : nodes + " nodes x ",
                    number(hourly),
                    dearest.get().item(),
                    money(usd)),
            "at most " + money(props.getJobBudgetUsd()) + " USD",
            "lower attempts, a maxRuntime of at most %d min, leave out %s, or raise jobBudgetUsd"
                .formatted((long) most, dearest.get().item())));
  }

  private static void most(
      String property, int given, int most, String whose, List<Problem> problems) {
    if (given < 1 || given > most) {
      problems.add(
          Problem.of(
              property, "given " + given, "1 to %d, those of %s".formatted(most, whose), ""));
    }
  }

  private static void range(
      String property, int given, int least, int most, List<Problem> problems) {
    if (given < least || given > most) {
      problems.add(Problem.of(property, "given " + given, least + " to " + most, ""));
    }
  }

  private static String number(double value) {
    return new java.math.BigDecimal(String.format(Locale.ROOT, "%.4f", value))
        .stripTrailingZeros()
        .toPlainString();
  }

  private static String money(double usd) {
    return String.format(Locale.ROOT, "%.2f", usd);
  }
}
