package dev.mlinfra.runpod.internal;

import dev.mlinfra.core.Problem;
import dev.mlinfra.runpod.ContainerArgs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What the arguments of every container must satisfy. */
final class ContainerRules {
  private static final Pattern IMAGE =
      Pattern.compile(
          "[a-z0-9][A-Za-z0-9._:/-]*[A-Za-z0-9](:[A-Za-z0-9_][A-Za-z0-9._-]{0,127}|@sha256:[0-9a-f]{64})");
  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final Pattern DATA_CENTER = Pattern.compile("[A-Z]{2,3}-[A-Z]{2,3}-[0-9]{1,2}");

  private ContainerRules() {}

  /** Every problem of what containers have. */
  static List<Problem> problems(ContainerArgs args) {
    List<Problem> problems = new ArrayList<>();
    if (!IMAGE.matcher(args.getImage()).matches()) {
      problems.add(
          Problem.of(
              "image",
              "given '" + args.getImage() + "'",
              "an image with a tag or digest, such as registry.example.com/ml-agent/worker:1.0",
              ""));
    }
    TreeSet<String> names = new TreeSet<>(args.getVariables().keySet());
    names.addAll(args.getSecrets().keySet());
    for (String name : names) {
      String path = args.getSecrets().containsKey(name) ? "secrets." + name : "variables." + name;
      if (!VARIABLE.matcher(name).matches()) {
        problems.add(
            Problem.of(path, "is no name of an environment variable", "such as LOG_LEVEL", ""));
      }
      if (name.startsWith("MLINFRA_") || Environment.isTaken(name)) {
        problems.add(Problem.of(path, "is set by mlinfra", "any other name", "rename it"));
      }
      if (args.getVariables().containsKey(name) && args.getSecrets().containsKey(name)) {
        problems.add(
            Problem.of(path, "stands in variables and in secrets", "one of the two", "remove one"));
      }
    }
    args.getPrefixes()
        .overlap()
        .ifPresent(
            overlap ->
                problems.add(
                    Problem.of(
                        "prefixes",
                        overlap,
                        "four folders beside each other",
                        "rename one of them")));
    return problems;
  }

  /** What should be better, though it works. */
  static List<String> warnings(ContainerArgs args) {
    return args.getImage().endsWith(":latest")
        ? List.of(
            "image: RunPod keeps what a machine once pulled as :latest; name a version or a digest")
        : List.of();
  }

  static void dataCenter(String path, String given, List<Problem> problems) {
    if (!DATA_CENTER.matcher(given).matches()) {
      problems.add(Problem.of(path, "given '" + given + "'", "a data center such as EU-RO-1", ""));
    }
  }

  static void range(
      String path, long given, long least, long most, String unit, List<Problem> problems) {
    if (given < least || given > most) {
      problems.add(Problem.of(path, "given " + given, least + " to " + most + unit, ""));
    }
  }

  static void within(
      String path, Duration given, Duration least, Duration most, List<Problem> problems) {
    if (given.compareTo(least) < 0 || given.compareTo(most) > 0) {
      problems.add(Problem.of(path, "given " + given, least + " to " + most, ""));
    }
  }
}
