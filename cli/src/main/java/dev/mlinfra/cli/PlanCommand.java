package dev.mlinfra.cli;

import dev.mlinfra.core.Environment;
import dev.mlinfra.core.EnvironmentLoader;
import dev.mlinfra.cost.InstanceTypes;
import dev.mlinfra.cost.Sizing;
import dev.mlinfra.template.Models;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code mlinfra plan}. */
@Command(
    name = "plan",
    description = {
      "Show what a deployment would make: resources, cost, permissions in words, what the rules"
          + " say.",
      "Synthesises first; asks no cloud."
    })
final class PlanCommand implements Callable<Integer> {
  @Option(
      names = "--env",
      paramLabel = "NAME",
      description = "Environment, as often as needed. Default: all, and what accounts have once.")
  private List<String> names = new ArrayList<>();

  @Option(
      names = "--assembly",
      paramLabel = "DIR",
      description = "What was synthesised already, a cdk.out folder. Default: synthesise now.")
  private Path assembly;

  @Option(
      names = "--dataset-gb",
      paramLabel = "GB",
      description = "Say instead which machine fits so much data, on each provider, and its price.")
  private Double datasetGb;

  @Option(
      names = {"-o", "--output"},
      defaultValue = "text",
      paramLabel = "FORMAT",
      description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private ReportFormat output;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (datasetGb != null) {
      return size();
    }
    Map<String, Environment> known = Environments.of(Environments.folder());
    List<Plan> plans = wanted(Plan.of(Models.read(synthesised()), known));
    spec.commandLine().getOut().print(text(plans));
    spec.commandLine().getOut().flush();
    return plans.stream().anyMatch(Plan::hasFindings) ? ExitCode.FINDINGS : ExitCode.FINE;
  }

  private int size() {
    if (output != ReportFormat.TEXT) {
      throw new ParameterException(
          spec.commandLine(), "--dataset-gb: given -o " + output + "; allowed: text");
    }
    Map<String, String> regions =
        Environments.of(Environments.folder()).values().stream()
            .filter(environment -> names.isEmpty() || names.contains(environment.name()))
            .flatMap(environment -> environment.aws().stream())
            .findFirst()
            .map(aws -> Map.of("aws", aws.region()))
            .orElse(Map.of());
    try {
      String text = Sizing.of(datasetGb, Prices.current(), InstanceTypes.bundled(), regions).text();
      spec.commandLine().getOut().print(text);
      spec.commandLine().getOut().flush();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--dataset-gb: " + e.getMessage(), e);
    }
    return ExitCode.FINE;
  }

  private Path synthesised() {
    if (assembly != null) {
      return assembly;
    }
    Workspace workspace = Workspace.current();
    // An unknown name is told before the work, with the names that there are.
    names.forEach(name -> new EnvironmentLoader().file(workspace.environments(), name));
    Path made = workspace.made("plan");
    Synthesis.into(
        made.resolve("cdk.out"),
        names.size() == 1 ? Optional.of(names.get(0)) : Optional.empty(),
        workspace,
        made.resolve("cdk-synth.log"));
    return made.resolve("cdk.out");
  }

  private List<Plan> wanted(List<Plan> plans) {
    Set<String> there = plans.stream().map(Plan::environment).collect(Collectors.toSet());
    for (String name : names) {
      if (!there.contains(name)) {
        throw new ParameterException(
            spec.commandLine(),
            "--env: given '" + name + "'; allowed: " + String.join(", ", new TreeSet<>(there)));
      }
    }
    return plans.stream()
        .filter(plan -> names.isEmpty() || names.contains(plan.environment()))
        .toList();
  }

  private String text(List<Plan> plans) {
    return switch (output) {
      case TEXT -> PlanText.of(plans);
      case JSON -> PlanJson.of(plans);
      case MARKDOWN -> PlanMarkdown.of(plans);
    };
  }
}
