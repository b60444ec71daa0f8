package dev.mlinfra.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The workflows, by actionlint and shellcheck and by what they may not do. */
class WorkflowsIT {
  private static final Path WORKFLOWS = Synthesis.ROOT.resolve(".github/workflows");
  private static final Path TOOLS = Synthesis.ROOT.resolve(".mlinfra/tools");

  @TempDir Path folder;

  @Test
  void actionlintFindsNothing() throws Exception {
    assertThat(workflows()).hasSizeGreaterThan(4);
    assertThat(lint(workflows())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "run: tools/ci/review | run: echo ${{ github.event.pull_request.title }} # | is potentially untrusted",
        "run: python3 -B tools/ci/post_review.py | run: cd $RUNNER_TEMP | SC2086",
        "permissions: {} | permissions: { nothing: write } | unknown permission scope",
        "timeout-minutes: 45 | timeout-minutes: soon | float number literal",
        "needs: build | needs: built | needs job \"built\""
      })
  void actionlintFindsWhatIsSeeded(String text, String fault, String message) throws Exception {
    Path faulty = null;
    for (Path workflow : workflows()) {
      String content = Files.readString(workflow);
      if (content.contains(text)) {
        faulty = Files.writeString(folder.resolve("faulty.yml"), content.replace(text, fault));
        break;
      }
    }
    assertThat(faulty).as(text).isNotNull();

    assertThat(lint(List.of(faulty))).contains(message);
  }

  @Test
  void shellcheckFindsNothingInTheScripts() throws Exception {
    List<String> command = new ArrayList<>(List.of(tool("python-workflows/bin/shellcheck")));
    for (String script :
        List.of(
            "ci/review", "ci/build-image", "ci/deploy-pulumi", "install", "generate-runpod-sdk")) {
      command.add(Synthesis.ROOT.resolve("tools").resolve(script).toString());
    }
    assertThat(run(command)).isEmpty();
  }

  /** Text in a script would be taken for a part of it, whoever wrote it. */
  @Test
  void nothingIsPastedIntoScripts() throws IOException {
    Pattern run = Pattern.compile("(?m)^( *)(?:- )?run: (?:\\|\\n((?:\\1 +.*\\n|\\n)+)|(.*\\n))");
    int scripts = 0;
    for (Path workflow : workflows()) {
      for (MatchResult each : run.matcher(Files.readString(workflow)).results().toList()) {
        assertThat(each.group()).as(workflow.toString()).doesNotContain("${{");
        scripts++;
      }
    }
    assertThat(scripts).isGreaterThan(15);
  }

  @Test
  void actionsOfOthersArePinnedByCommit() throws IOException {
    Pattern uses = Pattern.compile("uses: (?!\\./)(.*)");
    List<String> pins = new ArrayList<>();
    for (Path workflow : workflows()) {
      uses.matcher(Files.readString(workflow)).results().forEach(it -> pins.add(it.group(1)));
    }
    assertThat(pins)
        .hasSizeGreaterThan(10)
        .allMatch(pin -> pin.matches("[\\w-]+/[\\w-]+@[0-9a-f]{40} # v\\d+\\.\\d+\\.\\d+"));
    // One version of each.
    assertThat(pins.stream().distinct().map(pin -> pin.split("@", 2)[0])).doesNotHaveDuplicates();
  }

  @Test
  void whatRunsAPullRequestHasNoRights() throws IOException {
    String workflow = Files.readString(WORKFLOWS.resolve("pr.yml"));
    assertThat(workflow)
        .contains("on:\n  pull_request:\n")
        .contains("permissions:\n  contents: read\n\n")
        .doesNotContain(
            "pull_request_target", ": write", "secrets", "github.token", "environment:");
    assertThat(Files.readString(WORKFLOWS.resolve("pr-comment.yml")))
        .contains("ref: ${{ github.event.repository.default_branch }}")
        .doesNotContain("download-artifact", "id-token", "contents: write", "secrets");
  }

  private static List<Path> workflows() throws IOException {
    try (Stream<Path> files = Files.list(WORKFLOWS)) {
      return files.sorted().toList();
    }
  }

  private String lint(List<Path> workflows) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                tool("go/actionlint"),
                "-no-color",
                "-oneline",
                "-shellcheck",
                tool("python-workflows/bin/shellcheck")));
    workflows.forEach(workflow -> command.add(workflow.toString()));
    return run(command);
  }

  private static String tool(String name) {
    Path tool = TOOLS.resolve(name);
    assertThat(tool).as("missing: run tools/install workflows").isExecutable();
    return tool.toString();
  }

  private String run(List<String> command) throws IOException, InterruptedException {
    Path output = folder.resolve("output.txt");
    Process process =
        new ProcessBuilder(command)
            .directory(Synthesis.ROOT.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    String text = Files.readString(output);
    assertThat(process.exitValue()).as(text).isEqualTo(text.isEmpty() ? 0 : 1);
    return text;
  }
}
