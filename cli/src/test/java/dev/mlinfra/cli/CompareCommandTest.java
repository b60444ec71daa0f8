package dev.mlinfra.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import tools.jackson.databind.json.JsonMapper;

class CompareCommandTest {
  private static final String ROOT = System.getProperty("mlinfra.root");

  private static final String ENVIRONMENT =
      """
      schema: mlinfra/v1
      environment: %s
      project: shop
      owner: team
      costCenter: cc-1
      pattern: %s
      """;

  private static final String BUCKET =
      "Resources: {Data: {Type: 'AWS::S3::Bucket', Properties: {BucketName: %s}}}";

  private static final String PREVIEW =
      """
      {"steps": [{"op": "replace", "urn": "urn:pulumi:gcp-dev::p::gcp:storage/bucket:Bucket::a",
        "replaceReasons": ["location"],
        "oldState": {"urn": "urn:pulumi:gcp-dev::p::gcp:storage/bucket:Bucket::a",
          "type": "gcp:storage/bucket:Bucket", "custom": true, "inputs": {"location": "US"}},
        "newState": {"urn": "urn:pulumi:gcp-dev::p::gcp:storage/bucket:Bucket::a",
          "type": "gcp:storage/bucket:Bucket", "custom": true, "inputs": {"location": "EU"}}}],
       "changeSummary": {"replace": 1, "same": 3}}
      """;

  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  /** A project of its own, with two environments. */
  @BeforeEach
  void project() throws IOException {
    Files.writeString(folder.resolve("cdk.json"), "{}");
    Files.createDirectories(folder.resolve("environments"));
    write("environments/dev.yaml", ENVIRONMENT.formatted("dev", "batch"));
    write("environments/prod.yaml", ENVIRONMENT.formatted("prod", "hybrid"));
    System.setProperty("mlinfra.root", folder.toString());
  }

  @AfterEach
  void backToTheProject() {
    System.setProperty("mlinfra.root", ROOT);
  }

  @Test
  void aDifferenceIsNoFault() throws IOException {
    assertThat(run("compare", bucket("a"), bucket("b"))).isZero();
    assertThat(out.toString())
        .startsWith("1 resource with data at risk")
        .contains("is replaced by an empty one, because of BucketName")
        .contains("a → b");
  }

  @Test
  void noDifferenceIsOneLine() throws IOException {
    assertThat(run("compare", bucket("a"), bucket("a"))).isZero();
    assertThat(out.toString()).isEqualTo("No change.\n");
  }

  @ParameterizedTest
  @CsvSource({
    "destructive, 1",
    "broadening, 0",
    "over-budget, 0",
    "findings, 0",
    "DESTRUCTIVE, 1",
  })
  void itFailsOnWhatIsAskedFor(String failOn, int exitCode) throws IOException {
    assertThat(run("compare", bucket("a"), bucket("b"), "--fail-on", failOn)).isEqualTo(exitCode);
  }

  @Test
  void severalReasonsToFail() throws IOException {
    assertThat(
            run(
                "compare",
                bucket("a"),
                bucket("b"),
                "--fail-on",
                "broadening",
                "--fail-on",
                "destructive"))
        .isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "json|\"schema\" : \"mlinfra/review/v1\"",
        "markdown|### Data replaced or lost",
        "TEXT|Data replaced or lost"
      })
  void itWritesWhatIsAskedFor(String format, String expected) throws IOException {
    assertThat(run("compare", bucket("a"), bucket("b"), "-o", format)).isZero();
    assertThat(out.toString()).contains(expected);
  }

  @Test
  void environmentsAreComparedAsTheyTakeEffect() {
    assertThat(run("compare", "dev", folder.resolve("environments/prod.yaml").toString())).isZero();
    assertThat(out.toString())
        .contains("environment: dev → prod\n")
        .contains("pattern: batch → hybrid\n")
        // A default, which stands in neither file.
        .contains("budget.monthlyUsd: 800 → 1200\n")
        .doesNotContain("owner");
  }

  @Test
  void environmentsInOtherForms() {
    assertThat(run("compare", "dev", "prod", "-o", "json")).isZero();
    assertThat(JsonMapper.shared().readTree(out.toString()).path("differences").isEmpty())
        .isFalse();
    assertThat(run("compare", "dev", "dev", "-o", "markdown")).isZero();
    assertThat(out.toString()).endsWith("**No difference.**\n");
    assertThat(run("compare", "dev", "prod", "-o", "markdown")).isZero();
    assertThat(out.toString()).contains("| setting | <code>dev</code> | <code>prod</code> |");
  }

  @Test
  void anUnknownEnvironmentIsWrongInput() {
    assertThat(run("compare", "dev", "prd")).isEqualTo(2);
    assertThat(err.toString()).contains("no environment 'prd'").contains("dev, prod");
  }

  @Test
  void environmentsAreNotJudged() {
    assertThat(run("compare", "dev", "prod", "--fail-on", "findings")).isEqualTo(2);
    assertThat(err.toString()).contains("--fail-on judges templates and graphs");
  }

  @Test
  void aPreviewAloneSaysWhatIsDeployed() throws IOException {
    assertThat(run("compare", write("preview.json", PREVIEW), "--fail-on", "destructive"))
        .isEqualTo(1);
    assertThat(out.toString()).contains("because of location").contains("US → EU");
  }

  @Test
  void oneTemplateAloneIsNothingToCompare() throws IOException {
    assertThat(run("compare", bucket("a"))).isEqualTo(2);
    assertThat(err.toString()).contains("fix: name BASE and HEAD");
  }

  @Test
  void aPreviewThatIsNotWholeIsRefusedAgainstAState() throws IOException {
    String state =
        write(
            "state.json",
            """
            {"deployment": {"resources": [{"urn": "urn:pulumi:gcp-dev::p::gcp:storage/bucket:Bucket::b",
              "type": "gcp:storage/bucket:Bucket"}]}}
            """);

    assertThat(run("compare", state, write("preview.json", PREVIEW))).isEqualTo(2);
    assertThat(err.toString()).contains("add --show-sames");
  }

  @Test
  void theReportHasWhatAReviewerNeeds() throws IOException {
    Path attachment = folder.resolve("attachment.txt");

    assertThat(run("report", bucket("a"), bucket("b"), "--attachment", attachment.toString()))
        .isZero();
    assertThat(out.toString())
        .startsWith("**1 resource with data at risk")
        .contains("### Gate", "### Cost a month", "### Not known");
    assertThat(attachment).content().contains("Cost a month").contains("a → b");
  }

  @Test
  void theFirstReportHasNoBase() throws IOException {
    assertThat(run("report", bucket("a"))).isZero();
    assertThat(out.toString()).contains("is new");
    assertThat(run("report", folder.resolve("none").toString(), bucket("a"))).isZero();
    assertThat(err.toString()).contains("none, so everything is new");
  }

  @ParameterizedTest
  @CsvSource({"json, mlinfra/review/v1", "text, Cost a month"})
  void theReportInOtherForms(String format, String expected) throws IOException {
    assertThat(run("report", bucket("a"), bucket("b"), "-o", format)).isZero();
    assertThat(out.toString()).contains(expected);
  }

  private String bucket(String name) throws IOException {
    return write(name + "/stack.yaml", BUCKET.formatted(name));
  }

  private String write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text).toString();
  }

  private int run(String... arguments) {
    CommandLine commandLine = Mlinfra.commandLine();
    commandLine.setOut(new PrintWriter(out, true));
    commandLine.setErr(new PrintWriter(err, true));
    return commandLine.execute(arguments);
  }
}
