package dev.mlinfra.cli;

import dev.mlinfra.core.Budget;
import dev.mlinfra.core.Defaults;
import dev.mlinfra.core.Environment;
import dev.mlinfra.core.Pattern;
import dev.mlinfra.core.Usage;
import dev.mlinfra.core.ValidationException;
import dev.mlinfra.cost.CostJson;
import dev.mlinfra.cost.CostMarkdown;
import dev.mlinfra.cost.CostText;
import dev.mlinfra.cost.Limits;
import dev.mlinfra.cost.PricedEnvironment;
import dev.mlinfra.template.Model;
import dev.mlinfra.template.Models;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mlinfra cost}. */
@Command(
    name = "cost",
    description = {
      "Price templates, CDK assemblies and Pulumi graphs, and hold them against budgets.",
      "Asks no provider: prices are dated and come along."
    })
final class CostCommand implements Callable<Integer> {
  private static final List<String> USAGE_KEYS =
      List.of("predictionsPerMonth", "trainingHoursPerMonth", "dataGb");

  @Parameters(
      arity = "0..*",
      paramLabel = "PATH",
      description = {
        "Templates, cdk.out folders, output of pulumi preview --json or pulumi stack export.",
        "Default: cdk.out of this project."
      })
  private List<Path> paths = new ArrayList<>();

  @Option(
      names = {"-o", "--output"},
      defaultValue = "text",
      paramLabel = "FORMAT",
      description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private ReportFormat output;

  @Option(
      names = "--environments",
      paramLabel = "DIR",
      description = {
        "Environment files: usage and budget of each environment, by its name.",
        "Default: environments/ of this project; what no file describes has no limits."
      })
  private Path environments;

  @Option(
      names = "--usage",
      paramLabel = "KEY=VALUE",
      description = {
        "Instead of what the files say, for every environment: predictionsPerMonth,",
        "trainingHoursPerMonth or dataGb."
      })
  private Map<String, String> usage = new TreeMap<>();

  @Option(
      names = "--monthly-usd",
      paramLabel = "USD",
      description = "Limit on the expected month of each environment that no file describes.")
  private Double monthlyUsd;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (environments != null && !Files.isDirectory(environments)) {
      throw new ParameterException(
          spec.commandLine(), "--environments: no such folder: " + environments);
    }
    if (monthlyUsd != null && !(monthlyUsd > 0 && Double.isFinite(monthlyUsd))) {
      throw new ParameterException(
          spec.commandLine(), "--monthly-usd: given " + monthlyUsd + "; allowed: a number above 0");
    }
    List<Model> models = new ArrayList<>();
    int exitCode = ExitCode.FINE;
    for (Path path : paths.isEmpty() ? List.of(Synthesis.ofProject(spec)) : paths) {
      try {
        models.add(Models.read(path));
      } catch (ValidationException e) {
        spec.commandLine().getErr().println(e.getMessage());
        exitCode = ExitCode.WRONG_INPUT;
      }
    }
    if (exitCode != ExitCode.FINE) {
      return exitCode;
    }
    List<PricedEnvironment> priced = price(models);
    spec.commandLine().getOut().print(text(priced));
    spec.commandLine().getOut().flush();
    return priced.stream().anyMatch(PricedEnvironment::isOver) ? ExitCode.FINDINGS : ExitCode.FINE;
  }

  private List<PricedEnvironment> price(List<Model> models) {
    Map<String, Usage> usages = new TreeMap<>();
    Map<String, Budget> budgets = new TreeMap<>();
    Usage usual = Defaults.of(Pattern.BATCH).usage();
    for (Model model : models) {
      model.stacks().forEach(stack -> usages.put(model.environment(stack.id()), given(usual)));
    }
    Map<String, Environment> known =
        Environments.of(environments == null ? Environments.folder() : environments);
    if (environments != null && known.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "--environments: no environment file in " + environments);
    }
    known.forEach(
        (name, environment) -> {
          usages.put(name, given(environment.usage()));
          budgets.put(name, environment.budget());
        });
    return Costs.of(models, usages, budgets).stream().map(this::withLimitOfAll).toList();
  }

  /** Adds the limit of the command line where no file has any. */
  private PricedEnvironment withLimitOfAll(PricedEnvironment priced) {
    return monthlyUsd == null || !priced.limits().isEmpty()
        ? priced
        : new PricedEnvironment(
            priced.estimate(), List.of(Limits.monthly(monthlyUsd, priced.estimate())));
  }

  private Usage given(Usage otherwise) {
    usage.keySet().stream()
        .filter(key -> !USAGE_KEYS.contains(key))
        .findFirst()
        .ifPresent(
            key -> {
              throw new ParameterException(
                  spec.commandLine(),
                  "--usage: given '" + key + "'; allowed: " + String.join(", ", USAGE_KEYS));
            });
    return new Usage(
        Math.round(number("predictionsPerMonth", (double) otherwise.predictionsPerMonth())),
        number("trainingHoursPerMonth", otherwise.trainingHoursPerMonth()),
        number("dataGb", otherwise.dataGb()));
  }

  private double number(String key, double otherwise) {
    String text = usage.get(key);
    if (text == null) {
      return otherwise;
    }
    try {
      double number = Double.parseDouble(text);
      if (number >= 0 && number <= 1e9) {
        return number;
      }
    } catch (NumberFormatException notANumber) {
      // Told below, like a number that is out of bounds.
    }
    throw new ParameterException(
        spec.commandLine(),
        "--usage: given " + key + "=" + text + "; allowed: a number from 0 to 1000000000");
  }

  private String text(List<PricedEnvironment> priced) {
    return switch (output) {
      case TEXT -> CostText.of(priced);
      case JSON -> CostJson.of(priced);
      case MARKDOWN -> CostMarkdown.of(priced);
    };
  }
}
