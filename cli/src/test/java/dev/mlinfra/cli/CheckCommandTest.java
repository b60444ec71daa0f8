package dev.mlinfra.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.core.Pattern;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CheckCommandTest {
  private static final String ROOT = System.getProperty("mlinfra.root");
  private static final String RULE = "mlinfra::iam.action-star";

  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  /** A project of its own: the one that is built has a cdk.out or not. */
  @BeforeEach
  void project() throws IOException {
    Files.writeString(folder.resolve("cdk.json"), "{}");
    System.setProperty("mlinfra.root", folder.toString());
  }

  @AfterEach
  void backToTheProject() {
    System.setProperty("mlinfra.root", ROOT);
  }

  @Test
  void whatIsFineExitsWithZero() throws IOException {
    Path fine = write("fine.yaml", "Resources: {}");

    assertThat(run("check", fine.toString())).isZero();
    assertThat(out.toString()).startsWith("0 errors, 0 not decided, 0 acknowledged; ");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void whatIsWrongExitsWithOneAndIsToldInFull() throws IOException {
    Path bad = bad("bad.yaml");

    assertThat(run("check", bad.toString())).isEqualTo(1);
    assertThat(out.toString())
        .contains("bad:Policy (AWS::IAM::ManagedPolicy) at " + bad + ":3:5\n")
        .contains("error    " + RULE)
        .contains("fix: name the actions that are needed");
  }

  @Test
  void whatCannotBeDecidedFailsOnlyWhenStrict() throws IOException {
    Path open = write("open.yaml", "Transform: Macro\nResources: {}");

    assertThat(run("check", open.toString())).isZero();
    assertThat(out.toString()).contains("warning  mlinfra::gate.not-read");
    assertThat(run("check", "--strict", open.toString())).isEqualTo(1);
  }

  @Test
  void severalPathsAreOneReport() throws IOException {
    Path cdk = assembly(folder.resolve("app/cdk.out"));
    Path pulumi =
        write(
            "graph.json",
            """
            {"version": 3, "deployment": {"resources": [{"type": "pulumi:pulumi:Stack",
              "urn": "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev"}]}}
            """);

    assertThat(run("check", "-o", "json", bad("bad.yaml").toString(), cdk.toString(), pulumi + ""))
        .isEqualTo(1);
    JsonNode report = JsonMapper.shared().readTree(out.toString());
    assertThat(report.path("findings").findValuesAsString("where"))
        .contains("bad:Policy", "dev/Data/Policy");
  }

  @Test
  void everyPathThatCannotBeReadIsToldAndExitsWithTwo() throws IOException {
    Path broken = write("broken.yaml", "a: [");
    Path other = Files.createDirectories(folder.resolve("templates"));
    Path none = folder.resolve("none.json");

    assertThat(
            run(
                "check",
                broken.toString(),
                bad("bad.yaml").toString(),
                other.toString(),
                none.toString()))
        .isEqualTo(2);
    assertThat(err.toString())
        .contains(broken + ":")
        .contains(other + ":1:1: a folder without manifest.json")
        .contains(none + ":1:1: no such file")
        .doesNotContain("\tat ");
    assertThat(out.toString()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "json|\"schema\" : \"mlinfra/findings/v1\"",
        "sarif|\"version\" : \"2.1.0\"",
        "markdown|**1 error, ",
        "TEXT|error    mlinfra::iam.action-star"
      })
  void writesWhatIsAskedFor(String format, String part) throws IOException {
    assertThat(run("check", "--output", format, bad("bad.yaml").toString())).isEqualTo(1);
    assertThat(out.toString()).contains(part);
  }

  @Test
  void withoutAPathItChecksTheProjectsAssembly() throws IOException {
    assembly(folder.resolve("cdk.out"));

    assertThat(run("check")).isEqualTo(1);
    assertThat(out.toString()).contains("dev/Data/Policy (AWS::IAM::ManagedPolicy)");
  }

  @Test
  void withoutAPathAndAnAssemblyItSaysHowToMakeOne() {
    assertThat(run("check")).isEqualTo(2);
    assertThat(err.toString())
        .contains("no PATH given, and no " + folder.resolve("cdk.out") + "; fix: npx cdk synth");
  }

  @ParameterizedTest
  @ValueSource(strings = {"nightly", "dev=nightly", "dev="})
  void aPatternIsOneOfThree(String pattern) throws IOException {
    String word = pattern.substring(pattern.indexOf('=') + 1);

    assertThat(run("check", "--pattern", pattern, bad("bad.yaml").toString())).isEqualTo(2);
    assertThat(err.toString())
        .contains("--pattern: given '" + word + "'; allowed: batch, realtime, hybrid");
  }

  @ParameterizedTest
  @ValueSource(strings = {"realtime", "dev=hybrid"})
  void patternsAreTaken(String pattern) throws IOException {
    assertThat(run("check", "--pattern", pattern, write("a.yaml", "Resources: {}") + "")).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "realtime, false",
    "prod=realtime, false",
    "gcp-prod=realtime, false",
    "batch, true",
    "dev=realtime, true"
  })
  void aPatternReachesAStackOfPulumi(String pattern, boolean idles) throws IOException {
    Path graph =
        write(
            "export.json",
            """
            {"version": 3, "deployment": {"resources": [{
              "urn": "urn:pulumi:gcp-prod::shop::azure-native:containerservice:AgentPool::pool",
              "type": "azure-native:containerservice:AgentPool", "custom": true,
              "inputs": {"vmSize": "Standard_NC6s_v3", "count": 1}}]}}
            """);

    run("check", "--pattern", pattern, graph.toString());
    assertThat(out.toString().contains("mlinfra::clouds.idle-shutdown")).isEqualTo(idles);
  }

  @Test
  void patternsOfEnvironmentsAreThoseOfTheirFiles() {
    assertThat(Environments.patterns(Path.of(ROOT, "environments"), new PrintWriter(err)))
        .isEqualTo(Map.of("dev", Pattern.BATCH, "staging", Pattern.BATCH, "prod", Pattern.HYBRID));
    assertThat(Environments.patterns(folder.resolve("none"), new PrintWriter(err))).isEmpty();
    assertThat(Environments.patterns(folder, new PrintWriter(err))).isEmpty();
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void anEnvironmentThatCannotBeReadIsToldAndCheckedAsBatch() throws IOException {
    Path file = write("environments/dev.yaml", "schema: mlinfra/v2\nenvironment: dev\n");

    assertThat(run("check", write("a.yaml", "Resources: {}").toString())).isZero();
    assertThat(err.toString())
        .contains(
            "warning: "
                + file
                + " cannot be read, so its environment is taken for batch with the defaults");
  }

  private Path bad(String name) throws IOException {
    return write(
        name,
        """
        Resources:
          Policy:
            Type: AWS::IAM::ManagedPolicy
            Properties:
              PolicyDocument:
                Statement: [{Effect: Allow, Action: 's3:*', Resource: 'arn:aws:s3:::b/*'}]
        """);
  }

  /** An assembly of one stack, with the bad policy in it. */
  private Path assembly(Path where) throws IOException {
    Files.createDirectories(where);
    Files.writeString(
        where.resolve("manifest.json"),
        """
        {"version": "53.0.0", "artifacts": {"Data": {
          "type": "aws:cloudformation:stack", "displayName": "dev/Data",
          "environment": "aws://123456789012/us-east-1",
          "properties": {"templateFile": "Data.template.json"},
          "metadata": {"/dev/Data/Policy": [{"type": "aws:cdk:logicalId", "data": "Policy"}]}}}}
        """);
    Files.copy(bad("policy.yaml"), where.resolve("Data.template.json"));
    return where;
  }

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private int run(String... arguments) {
    CommandLine commandLine = Mlinfra.commandLine();
    commandLine.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
    return commandLine
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }
}
