package dev.mlinfra.cli;

import dev.mlinfra.review.Review;
import dev.mlinfra.review.ReviewJson;
import dev.mlinfra.review.ReviewMarkdown;
import dev.mlinfra.review.ReviewText;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mlinfra report}. */
@Command(
    name = "report",
    description =
        "Write the comment of a pull request: the change, the gate's verdict, what it costs, what"
            + " is not known.")
final class ReportCommand implements Callable<Integer> {
  @Parameters(
      arity = "1..2",
      hideParamSyntax = true,
      paramLabel = "[BASE] HEAD",
      description = {
        "Templates, cdk.out folders, outputs of pulumi preview --json or pulumi stack export.",
        "Without BASE, or when there is no such file or folder, everything is new; a preview says",
        "itself what is deployed."
      })
  private List<Path> paths = new ArrayList<>();

  @Option(
      names = {"-o", "--output"},
      defaultValue = "markdown",
      paramLabel = "FORMAT",
      description =
          "${COMPLETION-CANDIDATES}; markdown has at most 60,000 characters. Default:"
              + " ${DEFAULT-VALUE}.")
  private CompareCommand.Format output;

  @Option(
      names = "--attachment",
      paramLabel = "FILE",
      description = "Write everything to this file as well, as text and without a limit.")
  private Path attachment;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    Optional<Path> base = paths.size() == 2 ? Optional.of(paths.get(0)) : Optional.empty();
    if (base.filter(path -> !Files.exists(path)).isPresent()) {
      err.println("warning: there is no " + base.get() + ", so everything is new");
      base = Optional.empty();
    }
    Review review = ReviewInput.review(base, paths.get(paths.size() - 1), err);
    if (attachment != null) {
      write(ReviewText.report(review));
    }
    PrintWriter out = spec.commandLine().getOut();
    out.print(
        switch (output) {
          case TEXT -> ReviewText.report(review);
          case JSON -> ReviewJson.of(review);
          case MARKDOWN -> ReviewMarkdown.report(review);
        });
    out.flush();
    return ExitCode.FINE;
  }

  private void write(String text) {
    try {
      Files.writeString(attachment, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
