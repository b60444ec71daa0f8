package dev.mlinfra.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.template.Model;
import dev.mlinfra.template.Models;
import dev.mlinfra.template.SourceKind;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What a pull request shows of RunPod: previews by the real command line, without a key. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RunPodPreviewIT {
  @TempDir private static Path folder;

  private Path preview;

  record Run(int exitCode, String out, String err) {
    @Override
    public String toString() {
      return exitCode + "\n" + out + "\n" + err;
    }
  }

  private static Run run(Object... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode =
        Mlinfra.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(Stream.of(arguments).map(Object::toString).toArray(String[]::new));
    return new Run(exitCode, out.toString(), err.toString());
  }

  @BeforeAll
  void previewed() {
    preview = folder.resolve("head/runpod-dev.json");
    System.setProperty("mlinfra.state", folder.resolve("state").toString());
    Run run = run("runpod", "preview", "--into", folder.resolve("head"));
    assertThat(run.exitCode()).as(run.toString()).isZero();
    assertThat(run.out()).containsOnlyOnce("runpod-dev has 4 resources: ").contains(".json");
  }

  @AfterAll
  void leaveTheProjectAlone() {
    System.clearProperty("mlinfra.state");
    assertThat(folder.resolve("state/previews/runpod-dev")).doesNotExist();
    assertThat(Path.of(System.getProperty("mlinfra.root"), "environments/pulumi"))
        .isDirectoryNotContaining("glob:**.yaml");
  }

  @Test
  void isAGraphWithoutAKey() throws Exception {
    Model model = Models.read(preview);

    assertThat(model.kind()).isEqualTo(SourceKind.PULUMI_PREVIEW);
    assertThat(model.resources("mlinfra-runpod:index:Endpoint")).hasSize(1);
    assertThat(model.resources("mlinfra-runpod:index:NetworkVolume")).hasSize(1);
    assertThat(Files.readString(preview)).doesNotContain("RUNPOD_API_KEY");
  }

  @Test
  void isCheckedAndPriced() {
    Run check = run("check", preview);
    assertThat(check.exitCode()).as(check.toString()).isZero();
    Run cost = run("cost", preview);
    assertThat(cost.exitCode()).as(cost.toString()).isZero();
    assertThat(cost.out()).contains("dev: 7.32 USD a month expected");
  }

  @Test
  void theSameTwiceIsNoChange() {
    Run compare = run("compare", preview, preview);

    assertThat(compare.exitCode()).as(compare.toString()).isZero();
    assertThat(compare.out()).containsIgnoringCase("no change");
  }

  @Test
  void aReportSaysWhatIsNew() {
    Run report = run("report", folder.resolve("base/runpod-dev.json"), preview);

    assertThat(report.exitCode()).as(report.toString()).isZero();
    assertThat(report.err()).contains("everything is new");
    assertThat(report.out())
        .contains("mlinfra-runpod:index:Endpoint")
        .contains("mlinfra-runpod:index:NetworkVolume")
        .contains("USD");
  }

  @Test
  void anEnvironmentWithoutRunPodHasNothingToPreview() {
    Run run = run("runpod", "preview", "--env", "prod", "--into", folder.resolve("none"));

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .contains("environment prod has no section runpod, so there is nothing to preview");
  }

  /** With the real command line, into a folder of the test's. */
  @Test
  void theProviderIsInstalledForOtherProjects() throws Exception {
    Path root = Path.of(System.getProperty("mlinfra.root"));
    Path home = folder.resolve("pulumi");
    ProcessBuilder command =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dmlinfra.root=" + root,
                "-Dmlinfra.state=" + folder.resolve("state"),
                "-jar",
                root.resolve("cli/target/mlinfra-cli.jar").toString(),
                "runpod",
                "install-plugin")
            .directory(root.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("install.log").toFile());
    command.environment().put("PULUMI_HOME", home.toString());
    Process process = command.start();
    assertThat(process.waitFor()).as(Files.readString(folder.resolve("install.log"))).isZero();
    assertThat(folder.resolve("install.log"))
        .content()
        .contains("mlinfra-runpod 0.1.0 is installed");
    try (Stream<Path> files = Files.walk(home.resolve("plugins"))) {
      assertThat(files.map(it -> it.getFileName().toString()))
          .contains("resource-mlinfra-runpod-v0.1.0", "pulumi-resource-mlinfra-runpod");
    }
  }
}
