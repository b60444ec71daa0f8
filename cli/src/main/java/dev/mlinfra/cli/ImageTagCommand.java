package dev.mlinfra.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mlinfra image-tag}. */
@Command(
    name = "image-tag",
    description = {
      "Print a tag for an image of this git checkout, to be pushed once and never moved.",
      "semver  v1.2.3 on that tag; five commits after it v1.2.4-5.g0123456789ab,",
      "        a pre-release of the next patch",
      "git     the full hash of the commit",
      "date    the time in UTC and the commit: 20250130-143022-0123456789ab"
    })
final class ImageTagCommand implements Callable<Integer> {
  /** How a tag is made. */
  enum Scheme {
    SEMVER,
    GIT,
    DATE;

    /** As it is written on the command line. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** As many digits as stay unique in large repositories, too. */
  private static final String SHORT = "12";

  @Parameters(paramLabel = "SCHEME", description = "${COMPLETION-CANDIDATES}.")
  private Scheme scheme;

  @Option(
      names = "--allow-dirty",
      description = "Take files that differ from the commit; the tag then ends in dirty.")
  private boolean allowDirty;

  @Option(
      names = {"-C", "--directory"},
      paramLabel = "FOLDER",
      defaultValue = ".",
      description = "The git checkout. Default: the current folder.")
  private Path directory;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    String commit = git("rev-parse", "--verify", "HEAD^{commit}");
    boolean dirty = isDirty();
    spec.commandLine().getOut().println(tag(commit, dirty));
    return ExitCode.FINE;
  }

  private String tag(String commit, boolean dirty) {
    return switch (scheme) {
      case SEMVER -> ImageTag.semver(described(), dirty);
      case GIT -> ImageTag.git(commit, dirty);
      case DATE ->
          ImageTag.date(Instant.now(), git("rev-parse", "--short=" + SHORT, commit), dirty);
    };
  }

  private boolean isDirty() {
    List<String> changed = git("status", "--porcelain").lines().toList();
    if (!changed.isEmpty() && !allowDirty) {
      throw new CommandFailure(
          ExitCode.WRONG_INPUT,
          "%d files differ from the commit, the first '%s': the tag would name what is not in the image; fix: commit them, or --allow-dirty"
              .formatted(changed.size(), changed.get(0).strip()));
    }
    return !changed.isEmpty();
  }

  private String described() {
    Optional<String> described =
        tryGit("describe", "--tags", "--long", "--abbrev=" + SHORT, "--match", "v[0-9]*")
            .filter(text -> !text.isEmpty());
    if (described.isPresent()) {
      return described.get();
    }
    throw new CommandFailure(
        ExitCode.WRONG_INPUT,
        git("rev-parse", "--is-shallow-repository").equals("true")
            ? "no tag such as v1.2.3 in this shallow checkout; fix: git fetch --unshallow --tags"
                + " (actions/checkout: fetch-depth: 0)"
            : "no tag such as v1.2.3 leads to this commit; fix: git tag v0.1.0");
  }

  private String git(String... arguments) {
    return tryGit(arguments)
        .orElseThrow(
            () ->
                new CommandFailure(
                    ExitCode.WRONG_INPUT,
                    directory.toAbsolutePath().normalize()
                        + " is no git checkout with a commit; fix: --directory FOLDER"));
  }

  /** What git prints; empty when it fails. */
  private Optional<String> tryGit(String... arguments) {
    List<String> command = new ArrayList<>(List.of("git", "-C", directory.toString()));
    command.addAll(List.of(arguments));
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      process.getOutputStream().close();
      String output;
      try (InputStream stream = process.getInputStream()) {
        output = new String(stream.readAllBytes(), StandardCharsets.UTF_8).stripTrailing();
      }
      return process.waitFor() == 0 ? Optional.of(output) : Optional.empty();
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.NOT_USABLE, "git was not found; install it (Debian: apt-get install git)");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure(ExitCode.NOT_USABLE, "git was interrupted");
    }
  }
}
