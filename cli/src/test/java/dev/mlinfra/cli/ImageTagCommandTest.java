package dev.mlinfra.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ImageTagCommandTest {
  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path checkout;

  @BeforeEach
  void aCheckoutWithOneCommit() throws Exception {
    checkout = Files.createDirectory(folder.resolve("checkout"));
    git(folder, "init", "-q", checkout.toString());
    commit("first");
  }

  @Test
  void tagsWithTheFullCommit() throws Exception {
    assertThat(run("git")).isZero();
    assertThat(tag()).matches("[0-9a-f]{40}").isEqualTo(git(checkout, "rev-parse", "HEAD"));
  }

  @Test
  void tagsWithTheTimeAndTheCommit() throws Exception {
    assertThat(run("date")).isZero();
    assertThat(tag())
        .matches("\\d{8}-\\d{6}-[0-9a-f]{12}")
        .endsWith(git(checkout, "rev-parse", "--short=12", "HEAD"));
  }

  @Test
  void tagsWithTheVersionOfTheNearestTag() throws Exception {
    git(checkout, "tag", "v1.2.3");
    git(checkout, "tag", "not-a-version");
    assertThat(run("SEMVER")).isZero();
    assertThat(tag()).isEqualTo("v1.2.3");

    commit("second");
    assertThat(run("semver")).isZero();
    assertThat(tag()).isEqualTo("v1.2.4-1.g" + git(checkout, "rev-parse", "--short=12", "HEAD"));
  }

  @Test
  void refusesWhatIsNotCommittedUnlessAllowed() throws Exception {
    Files.writeString(checkout.resolve("new"), "x");
    assertThat(run("git")).isEqualTo(2);
    assertThat(err.toString())
        .contains("1 files differ from the commit, the first '?? new'")
        .contains("fix: commit them, or --allow-dirty");
    assertThat(out.toString()).isEmpty();

    assertThat(run("git", "--allow-dirty")).isZero();
    assertThat(tag()).endsWith("-dirty");
  }

  @Test
  void saysWhatMakesAVersion() throws Exception {
    assertThat(run("semver")).isEqualTo(2);
    assertThat(err.toString())
        .contains("no tag such as v1.2.3 leads to this commit; fix: git tag v0.1.0");
  }

  @Test
  void saysThatAShallowCheckoutHasNoTags() throws Exception {
    git(checkout, "tag", "v1.2.3");
    commit("second");
    Path shallow = folder.resolve("shallow");
    git(folder, "clone", "-q", "--depth=1", checkout.toUri().toString(), shallow.toString());
    checkout = shallow;

    assertThat(run("semver")).isEqualTo(2);
    assertThat(err.toString()).contains("in this shallow checkout").contains("fetch-depth: 0");
  }

  @Test
  void saysThatAFolderIsNoCheckout() throws IOException {
    checkout = Files.createDirectory(folder.resolve("empty"));
    // Without it, git would find a checkout further up.
    Files.writeString(checkout.resolve(".git"), "gitdir: nowhere");
    assertThat(run("git")).isEqualTo(2);
    assertThat(err.toString()).contains("empty is no git checkout with a commit");
  }

  @Test
  void namesTheSchemes() {
    assertThat(run("latest")).isEqualTo(2);
    assertThat(err.toString()).contains("semver").contains("git").contains("date");
  }

  private String tag() {
    return out.toString().strip();
  }

  private int run(String... arguments) {
    out.getBuffer().setLength(0);
    List<String> command = new ArrayList<>(List.of("image-tag", "-C", checkout.toString()));
    command.addAll(List.of(arguments));
    CommandLine commandLine = Mlinfra.commandLine();
    commandLine.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
    return commandLine
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(command.toArray(String[]::new));
  }

  private void commit(String message) throws Exception {
    git(checkout, "commit", "-q", "--allow-empty", "-m", message);
  }

  /** Settings of the machine have no part in it. */
  private static String git(Path where, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(where.toFile()).redirectErrorStream(true);
    builder
        .environment()
        .putAll(
            Map.of(
                "GIT_CONFIG_GLOBAL", "/dev/null",
                "GIT_CONFIG_SYSTEM", "/dev/null",
                "GIT_AUTHOR_NAME", "test",
                "GIT_AUTHOR_EMAIL", "test@example.com",
                "GIT_COMMITTER_NAME", "test",
                "GIT_COMMITTER_EMAIL", "test@example.com"));
    Process process = builder.start();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    return output;
  }
}
