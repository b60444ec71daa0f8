package dev.mlinfra.cli;

import dev.mlinfra.core.Pattern;
import dev.mlinfra.core.ValidationException;
import dev.mlinfra.policy.Gate;
import dev.mlinfra.policy.Report;
import dev.mlinfra.policy.ReportJson;
import dev.mlinfra.policy.ReportMarkdown;
import dev.mlinfra.policy.ReportSarif;
import dev.mlinfra.policy.ReportText;
import dev.mlinfra.template.Model;
import dev.mlinfra.template.Models;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mlinfra check}. */
@Command(
    name = "check",
    description = "Check templates, CDK assemblies and Pulumi graphs against every rule.")
final class CheckCommand implements Callable<Integer> {
  /** What the report is written as. */
  enum Format {
    TEXT,
    JSON,
    SARIF,
    MARKDOWN;

    /** As it is written on the command line. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

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
  private Format output;

  @Option(
      names = "--pattern",
      paramLabel = "[ENV=]PATTERN",
      description = {
        "How an environment is used: batch, realtime or hybrid; without ENV, how all are.",
        "Default: what environments/ says of each, batch for the rest."
      })
  private List<String> patterns = new ArrayList<>();

  @Option(names = "--strict", description = "Fail for what cannot be decided, too.")
  private boolean strict;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    Map<String, Pattern> named = new TreeMap<>();
    Optional<Pattern> forAll = readPatterns(named);
    List<Model> models = new ArrayList<>();
    int exitCode = ExitCode.FINE;
    for (Path path : paths.isEmpty() ? List.of(Synthesis.ofProject(spec)) : paths) {
      try {
        models.add(Models.read(path));
      } catch (ValidationException e) {
        err.println(e.getMessage());
        exitCode = ExitCode.WRONG_INPUT;
      }
    }
    if (exitCode != ExitCode.FINE) {
      return exitCode;
    }
    Map<String, Pattern> known =
        forAll.isPresent() ? new TreeMap<>() : Environments.patterns(Environments.folder(), err);
    known.putAll(named);
    Report report =
        Report.of(
            models.stream()
                .map(model -> check(model, known, forAll.orElse(Pattern.BATCH)))
                .toList());
    spec.commandLine().getOut().print(text(report));
    spec.commandLine().getOut().flush();
    boolean failed = strict ? !report.findings().isEmpty() : !report.errors().isEmpty();
    return failed ? ExitCode.FINDINGS : ExitCode.FINE;
  }

  private static Report check(Model model, Map<String, Pattern> known, Pattern otherwise) {
    Map<String, Pattern> patterns = new TreeMap<>(known);
    model.stacks().forEach(stack -> patterns.putIfAbsent(model.environment(stack.id()), otherwise));
    return Gate.standard().withPatterns(patterns).check(model);
  }

  private String text(Report report) {
    return switch (output) {
      case TEXT -> ReportText.of(report);
      case JSON -> ReportJson.of(report);
      case SARIF -> ReportSarif.of(report, Path.of(""));
      case MARKDOWN -> ReportMarkdown.of(report);
    };
  }

  /**
   * Reads the options.
   *
   * @param named takes the patterns of single environments
   * @return the pattern that is meant for all others
   */
  private Optional<Pattern> readPatterns(Map<String, Pattern> named) {
    Optional<Pattern> forAll = Optional.empty();
    for (String given : patterns) {
      int equals = given.indexOf('=');
      Pattern pattern = pattern(given.substring(equals + 1));
      if (equals < 0) {
        forAll = Optional.of(pattern);
      } else {
        named.put(given.substring(0, equals), pattern);
      }
    }
    return forAll;
  }

  private Pattern pattern(String word) {
    return Stream.of(Pattern.values())
        .filter(pattern -> pattern.word().equals(word.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                new ParameterException(
                    spec.commandLine(),
                    "--pattern: given '"
                        + word
                        + "'; allowed: "
                        + Stream.of(Pattern.values())
                            .map(Pattern::word)
                            .collect(Collectors.joining(", "))));
  }
}
