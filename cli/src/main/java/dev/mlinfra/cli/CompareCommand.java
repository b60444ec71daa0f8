package dev.mlinfra.cli;

import dev.mlinfra.core.EnvironmentLoader;
import dev.mlinfra.review.Difference;
import dev.mlinfra.review.EnvironmentComparison;
import dev.mlinfra.review.Review;
import dev.mlinfra.review.ReviewJson;
import dev.mlinfra.review.ReviewMarkdown;
import dev.mlinfra.review.ReviewText;
import dev.mlinfra.template.Models;
import dev.mlinfra.template.SafeText;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code mlinfra compare}. */
@Command(
    name = "compare",
    description = "Say what a change does, risk first; or what differs between two environments.")
final class CompareCommand implements Callable<Integer> {
  /** What a comparison is written as. */
  enum Format {
    TEXT,
    JSON,
    MARKDOWN;

    /** As it is written on the command line. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What makes the command fail. */
  enum Failure {
    DESTRUCTIVE,
    BROADENING,
    OVER_BUDGET,
    FINDINGS;

    boolean isIn(Review review) {
      return switch (this) {
        case DESTRUCTIVE -> review.isDestructive();
        case BROADENING -> review.isBroadening();
        case OVER_BUDGET -> !review.overBudget().isEmpty();
        case FINDINGS -> !review.newErrors().isEmpty();
      };
    }

    /** As it is written on the command line. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** The first line of an environment file that says something. */
  private static final Pattern ENVIRONMENT = Pattern.compile("(?m)^schema:\\s*[\"']?mlinfra/");

  @Parameters(
      arity = "1..2",
      hideParamSyntax = true,
      paramLabel = "BASE HEAD",
      description = {
        "Two templates, cdk.out folders, outputs of pulumi preview --json or pulumi stack export;",
        "or two environments: files, or names of those in environments/.",
        "One preview alone is compared with what it says is deployed."
      })
  private List<Path> paths = new ArrayList<>();

  @Option(
      names = {"-o", "--output"},
      defaultValue = "text",
      paramLabel = "FORMAT",
      description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private Format output;

  @Option(
      names = "--fail-on",
      paramLabel = "WHAT",
      description = {
        "Exit with 1 for this: ${COMPLETION-CANDIDATES}. Can be given several times.",
        "findings are errors of the gate that BASE has not. Default: nothing."
      })
  private List<Failure> failOn = new ArrayList<>();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (paths.size() == 2 && paths.stream().allMatch(CompareCommand::isEnvironment)) {
      if (!failOn.isEmpty()) {
        throw new ParameterException(
            spec.commandLine(), "--fail-on judges templates and graphs, not environment files");
      }
      print(environments());
      return ExitCode.FINE;
    }
    if (paths.size() == 1 && !isPreview(paths.get(0))) {
      throw new ParameterException(
          spec.commandLine(),
          "given only " + paths.get(0) + "; fix: name BASE and HEAD, or a preview of Pulumi alone");
    }
    Optional<Path> base = paths.size() == 2 ? Optional.of(paths.get(0)) : Optional.empty();
    PrintWriter err = spec.commandLine().getErr();
    Review review = ReviewInput.review(base, paths.get(paths.size() - 1), err);
    print(
        switch (output) {
          case TEXT -> ReviewText.of(review);
          case JSON -> ReviewJson.of(review);
          case MARKDOWN -> ReviewMarkdown.of(review);
        });
    return failOn.stream().anyMatch(failure -> failure.isIn(review))
        ? ExitCode.FINDINGS
        : ExitCode.FINE;
  }

  private void print(String text) {
    spec.commandLine().getOut().print(text);
    spec.commandLine().getOut().flush();
  }

  private static boolean isPreview(Path path) {
    return Models.readDeployed(path).isPresent();
  }

  /** Whether it is an environment file, or nothing else that is there and so the name of one. */
  private static boolean isEnvironment(Path path) {
    if (Files.isRegularFile(path) && path.toString().matches(".+\\.ya?ml")) {
      try {
        return ENVIRONMENT.matcher(Files.readString(path)).find();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return !Files.exists(path) && path.toString().matches("[a-z][a-z0-9-]{1,15}");
  }

  private String environments() {
    EnvironmentComparison comparison =
        EnvironmentComparison.of(
            new EnvironmentLoader().load(file(paths.get(0))),
            new EnvironmentLoader().load(file(paths.get(1))));
    return switch (output) {
      case TEXT -> text(comparison);
      case JSON -> json(comparison);
      case MARKDOWN -> markdown(comparison);
    };
  }

  private static Path file(Path given) {
    return Files.exists(given)
        ? given
        : new EnvironmentLoader().file(Workspace.current().environments(), given.toString());
  }

  private static String text(EnvironmentComparison comparison) {
    StringBuilder text = new StringBuilder();
    for (Difference difference : comparison.differences()) {
      text.append(SafeText.printable(difference.toString())).append('\n');
    }
    return text.isEmpty() ? "No difference.\n" : text.toString();
  }

  private static String markdown(EnvironmentComparison comparison) {
    if (comparison.differences().isEmpty()) {
      return "**No difference.**\n";
    }
    StringBuilder text =
        new StringBuilder(
            "| setting | %s | %s |\n|---|---|---|\n"
                .formatted(
                    SafeText.markdownCode(comparison.base()),
                    SafeText.markdownCode(comparison.head())));
    for (Difference difference : comparison.differences()) {
      text.append(
          "| %s | %s | %s |\n"
              .formatted(
                  SafeText.markdownCode(difference.path()),
                  SafeText.markdownProse(difference.before()),
                  SafeText.markdownProse(difference.after())));
    }
    return text.toString();
  }

  private static String json(EnvironmentComparison comparison) {
    ObjectNode root =
        JsonMapper.shared()
            .createObjectNode()
            .put("schema", "mlinfra/environments/v1")
            .put("base", comparison.base())
            .put("head", comparison.head());
    ArrayNode differences = root.putArray("differences");
    for (Difference difference : comparison.differences()) {
      differences
          .addObject()
          .put("path", difference.path())
          .put("before", difference.before())
          .put("after", difference.after());
    }
    return root.toPrettyString() + "\n";
  }
}
