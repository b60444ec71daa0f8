package dev.mlinfra.aws.internal;

import dev.mlinfra.aws.FargateBatchTaskProps;
import dev.mlinfra.aws.FargateProps;
import dev.mlinfra.aws.FargateServiceProps;
import dev.mlinfra.aws.NetworkNeed;
import dev.mlinfra.core.Problem;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import software.amazon.awscdk.Duration;

/** What the properties of everything on Fargate must satisfy. */
public final class FargateRules {
  /** What the constructs set themselves. */
  private static final Set<String> RESERVED = Set.of("MLINFRA_BUCKET");

  private static final int MOST_EMAILS = 20;
  private static final Pattern EMAIL = Pattern.compile("[^@\\s]+@[^@\\s]+\\.[^@\\s]+");
  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final Pattern SCHEDULE =
      Pattern.compile(
          "cron\\(\\S+ \\S+ \\S+ \\S+ \\S+ \\S+\\)"
              + "|rate\\([1-9][0-9]* (minute|hour|day)s?\\)"
              + "|at\\(\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\)");

  private FargateRules() {}

  /**
   * Every problem of a task.
   *
   * @param known names of the secrets that there are
   */
  public static List<Problem> task(FargateBatchTaskProps props, Set<String> known) {
    List<Problem> problems = common(props, known);
    props
        .getSchedule()
        .ifPresent(
            schedule ->
                IamNames.check(
                    "schedule",
                    schedule,
                    SCHEDULE,
                    "cron(minute hour day month weekday year), rate(n unit) or"
                        + " at(yyyy-mm-ddThh:mm:ss)",
                    problems));
    if (!ZoneId.getAvailableZoneIds().contains(props.getTimeZone())) {
      problems.add(
          Problem.of(
              "timeZone",
              "given '" + props.getTimeZone() + "'",
              "a name of the IANA database, such as Europe/Berlin",
              ""));
    }
    within("maxRuntime", props.getMaxRuntime(), problems);
    within("maxStartAge", props.getMaxStartAge(), problems);
    if (props.getStartRetries() < 0 || props.getStartRetries() > 10) {
      problems.add(Problem.of("startRetries", "given " + props.getStartRetries(), "0 to 10", ""));
    }
    if (props.getEmails().size() > MOST_EMAILS) {
      problems.add(
          Problem.of(
              "emails",
              props.getEmails().size() + " addresses",
              "at most " + MOST_EMAILS,
              "use the address of a mailing list"));
    }
    for (String email : props.getEmails()) {
      if (!EMAIL.matcher(email).matches()) {
        problems.add(Problem.of("emails", "given '" + email + "'", "a mail address", ""));
      }
    }
    if (props.getNotifications().isPresent() && !props.getEmails().isEmpty()) {
      problems.add(
          Problem.of(
              "emails",
              "given together with notifications",
              "emails, or a topic of your own",
              "subscribe the addresses to that topic"));
    }
    return problems;
  }

  /**
   * Every problem of a service.
   *
   * @param known names of the secrets that there are
   */
  public static List<Problem> service(FargateServiceProps props, Set<String> known) {
    List<Problem> problems = common(props, known);
    if (props.getMinTasks() < 0
        || props.getMaxTasks() < 1
        || props.getMinTasks() > props.getMaxTasks()) {
      problems.add(
          Problem.of(
              "minTasks",
              "given %d with maxTasks %d".formatted(props.getMinTasks(), props.getMaxTasks()),
              "0 to maxTasks, which is at least 1",
              ""));
    }
    percent("cpuTarget", props.getCpuTarget(), problems);
    props.getMemoryTarget().ifPresent(target -> percent("memoryTarget", target, problems));
    if (props.getMetric().isPresent() != props.getMetricTarget().isPresent()) {
      problems.add(
          Problem.of(
              "metricTarget",
              props.getMetric().isPresent() ? "not given" : "given without metric",
              "both metric and metricTarget, or neither",
              ""));
    }
    return problems;
  }

  /** What a network must reach for it. */
  public static List<NetworkNeed> needs(FargateProps props) {
    List<NetworkNeed> needs = new ArrayList<>(List.of(NetworkNeed.FARGATE_TASKS));
    if (props.isTracing()) {
      needs.add(NetworkNeed.TRACES);
    }
    for (String name : props.getSecretVariables().values()) {
      needs.add(name.startsWith("/") ? NetworkNeed.PARAMETERS : NetworkNeed.SECRETS);
    }
    return needs;
  }

  private static List<Problem> common(FargateProps props, Set<String> known) {
    List<Problem> problems = new ArrayList<>();
    size(new FargateSize(props.getCpu(), props.getMemoryMb()), problems);
    if (props.getStorageGb() < 20 || props.getStorageGb() > 200) {
      problems.add(Problem.of("storageGb", "given " + props.getStorageGb(), "20 to 200", ""));
    }
    for (String name : props.getEnvironment().keySet()) {
      variable("environment", name, problems);
    }
    secrets(props, known, problems);
    IamNames.path("rolePath", props.getRolePath(), problems);
    if (props.getCluster().isPresent() && props.isContainerInsights()) {
      problems.add(
          Problem.of(
              "containerInsights",
              "given together with a cluster",
              "containerInsights for a cluster of its own",
              "set it where the cluster is made"));
    }
    return problems;
  }

  private static void size(FargateSize size, List<Problem> problems) {
    if (!size.exists()) {
      Optional<FargateSize> next = size.atLeast();
      problems.add(
          Problem.of(
              "memoryMb",
              "given " + size,
              "a size of Fargate",
              next.map(it -> "the smallest that has room is " + it)
                  .orElse(
                      "the largest is " + FargateSize.all().get(FargateSize.all().size() - 1))));
    }
  }

  private static void secrets(FargateProps props, Set<String> known, List<Problem> problems) {
    for (Map.Entry<String, String> secret : props.getSecretVariables().entrySet()) {
      variable("secretVariables", secret.getKey(), problems);
      if (props.getEnvironment().containsKey(secret.getKey())) {
        problems.add(
            Problem.of(
                "secretVariables",
                "'" + secret.getKey() + "' is in environment too",
                "each variable once",
                "remove it from environment"));
      }
      if (!known.contains(secret.getValue())) {
        problems.add(
            Problem.of(
                "secretVariables",
                "%s is '%s'".formatted(secret.getKey(), secret.getValue()),
                known.isEmpty() ? "nothing: no secrets are given" : String.join(", ", known),
                "add it to the MlSecrets, and give that as secrets"));
      }
    }
  }

  private static void variable(String property, String name, List<Problem> problems) {
    IamNames.check(
        property, name, VARIABLE, "names of letters, digits and _, first no digit", problems);
    if (RESERVED.contains(name)) {
      problems.add(
          Problem.of(property, "given '" + name + "'", "other names", "it is set already"));
    }
  }

  private static void percent(String property, int value, List<Problem> problems) {
    if (value < 10 || value > 90) {
      problems.add(Problem.of(property, "given " + value, "10 to 90 percent", ""));
    }
  }

  private static void within(String property, Duration duration, List<Problem> problems) {
    long seconds = duration.toSeconds().longValue();
    if (seconds < 60 || seconds > 86_400) {
      problems.add(
          Problem.of(property, "given " + duration.toHumanString(), "1 minute to 24 hours", ""));
    }
  }
}
