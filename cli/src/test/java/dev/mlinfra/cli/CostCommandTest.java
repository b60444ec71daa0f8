package dev.mlinfra.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CostCommandTest {
  @TempDir Path folder;

  private Project project;

  @BeforeEach
  void project() {
    project = Project.in(folder);
  }

  @AfterEach
  void backToTheProject() {
    project.close();
  }

  @Test
  void withoutAPathItPricesTheProjectsAssemblyAsItsFilesSay() {
    project.environment("dev", "usage: { dataGb: 1000 }").assembly();

    CommandRun run = CommandRun.of("cost");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains("dev: 23.01 USD a month expected, 23.01 USD at most, within its limits")
        .contains("prod: 2.31 USD a month expected, 2.31 USD at most, no limits known");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void overALimitItExitsWithOneAndSaysWhatWouldFit() {
    project.environment("dev", "budget: { monthlyUsd: 1 }").assembly();

    CommandRun run = CommandRun.of("cost");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out())
        .contains(
            "over       monthlyUsd: 2.30 USD (dev/Data/Bucket: storage) + 0.01 USD (dev/Data/Bucket: writes)")
        .contains("change: usage.dataGb of at most 43 instead of 100: ");
  }

  @Test
  void aTemplateThatNoFileDescribesHasNoLimitUnlessOneIsGiven() {
    Path template = project.write("foreign.yaml", "Resources: {Bucket: {Type: AWS::S3::Bucket}}");

    assertThat(CommandRun.of("cost", template.toString()).exitCode()).isZero();
    CommandRun run = CommandRun.of("cost", "--monthly-usd", "2", template.toString());
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).contains("= 2.31 USD > 2.00 USD");
    assertThat(CommandRun.of("cost", "--monthly-usd", "3", template.toString()).exitCode())
        .isZero();
  }

  @Test
  void aGivenLimitDoesNotReplaceThatOfAFile() {
    project.environment("dev", "").environment("prod", "").assembly();

    assertThat(CommandRun.of("cost", "--monthly-usd", "1").exitCode()).isZero();
  }

  @Test
  void usageCanBeGiven() {
    Path template = project.write("foreign.yaml", "Resources: {Bucket: {Type: AWS::S3::Bucket}}");

    assertThat(CommandRun.of("cost", "--usage", "dataGb=200", template.toString()).out())
        .contains("foreign: 4.61 USD a month expected");
  }

  @Test
  void environmentsCanLieElsewhere() {
    project.write("other/dev.yaml", "");
    Project other = new Project(folder.resolve("other"));
    other.environment("dev", "budget: { monthlyUsd: 1 }");
    project.assembly();

    assertThat(
            CommandRun.of("cost", "--environments", folder.resolve("other/environments") + "")
                .exitCode())
        .isEqualTo(1);
  }

  @Test
  void severalPathsOfOneEnvironmentAreOneSum() {
    project.environment("dev", "").assembly();
    Path more = project.write("dev.yaml", "Resources: {Bucket: {Type: AWS::S3::Bucket}}");

    JsonNode report =
        JsonMapper.shared()
            .readTree(
                CommandRun.of("cost", "-o", "json", folder.resolve("cdk.out") + "", more + "")
                    .out());
    assertThat(report.path("schema").asString()).isEqualTo("mlinfra/cost/v1");
    assertThat(report.at("/environments/0/environment").asString()).isEqualTo("dev");
    assertThat(report.at("/environments/0/expectedUsd/high").asDouble())
        .isCloseTo(4.61, within(0.01));
    assertThat(report.path("environments").size()).isEqualTo(2);
  }

  @Test
  void writesMarkdown() {
    project.assembly();

    assertThat(CommandRun.of("cost", "-o", "markdown").out())
        .startsWith("**dev: 2.31 USD a month expected");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--usage=gb=1|--usage: given 'gb'; allowed: predictionsPerMonth, trainingHoursPerMonth,"
            + " dataGb",
        "--usage=dataGb=-1|--usage: given dataGb=-1; allowed: a number from 0 to 1000000000",
        "--usage=dataGb=much|--usage: given dataGb=much; allowed: a number",
        "--monthly-usd=0|--monthly-usd: given 0.0; allowed: a number above 0",
        "--environments=none|--environments: no such folder: none",
        "--environments=.|--environments: no environment file in .",
        "none.json|none.json:1:1: no such file",
      })
  void wrongInputExitsWithTwo(String argument, String message) {
    project.assembly();

    CommandRun run = CommandRun.of("cost", argument);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains(message);
    assertThat(run.out()).isEmpty();
  }

  @Test
  void withoutAPathAndAnAssemblyItSaysHowToMakeOne() {
    CommandRun run = CommandRun.of("cost");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .contains("no PATH given, and no " + folder.resolve("cdk.out") + "; fix: npx cdk synth");
  }

  @Test
  void aFileThatCannotBeReadIsNotTakenForNoLimit() {
    project.write("environments/dev.yaml", "schema: mlinfra/v2\nenvironment: dev\n");
    project.assembly();

    CommandRun run = CommandRun.of("cost");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("schema: given 'mlinfra/v2'");
  }
}
