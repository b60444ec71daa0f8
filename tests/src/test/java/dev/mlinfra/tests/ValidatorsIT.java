package dev.mlinfra.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.cdklabs.cdknag.AwsSolutionsChecks;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.Validations;
import software.amazon.awscdk.services.s3.CfnBucket;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The CDK's own validator in strict mode and cdk-nag's AwsSolutions pack over the three
 * environments. Runs with validation on, unlike the unit tests.
 */
class ValidatorsIT {

  /** A finding that stays, and why. */
  private record Acknowledged(String rule, String path, String reason) {
    boolean covers(Finding finding) {
      return Pattern.matches(rule, finding.rule()) && Pattern.matches(path, finding.path());
    }
  }

  private static final List<Acknowledged> ACKNOWLEDGED =
      List.of(
          new Acknowledged(
              "AwsSolutions-S1",
              "(dev|staging|prod)/Data/Bucket/.*",
              "access logs are an option of the bucket: they cost requests and storage, and CloudTrail"
                  + " data events serve an organisation better"),
          new Acknowledged(
              "AwsSolutions-SQS3",
              "(dev|staging|prod)/Prediction/Function/Failures/.*",
              "this queue is where failed calls end; a queue behind it would hold the same"),
          new Acknowledged(
              "AwsSolutions-IAM5\\[Resource::ml-agent-[a-z]+-Data:[A-Za-z0-9]+/(datasets|models|results)/\\*\\]",
              "(dev|staging|prod)/(Prediction|Training)/.*",
              "all objects of one folder of one bucket are exactly what the role is for"),
          new Acknowledged(
              "AwsSolutions-IAM5\\[Resource::.*\\]",
              "account-[0-9]+/Access/(Workload|Access)Boundary/Resource",
              "a boundary grants nothing: it bounds roles whose resources it cannot know"));

  private record Finding(String plugin, String rule, String path) {}

  private static List<Finding> findings;

  @BeforeAll
  static void validate() {
    assertThat(System.getenv("CDK_VALIDATION")).as("validation must be on").isNotEqualTo("false");
    assertThat(Synthesis.flags()).containsEntry("@aws-cdk/core:validateAgainstDefaultRules", true);
    findings = findings(app -> Validations.of(app).addPlugins(new AwsSolutionsChecks(app)));
  }

  @Test
  void nothingIsLeftUnacknowledged() {
    assertThat(findings)
        .allSatisfy(
            finding ->
                assertThat(ACKNOWLEDGED)
                    .as(finding.toString())
                    .anyMatch(acknowledged -> acknowledged.covers(finding)));
  }

  @Test
  void everyAcknowledgementIsNeededAndHasAReason() {
    assertThat(ACKNOWLEDGED)
        .allSatisfy(
            acknowledged -> {
              assertThat(findings).as(acknowledged.rule()).anyMatch(acknowledged::covers);
              assertThat(acknowledged.reason()).hasSizeGreaterThan(20);
            });
  }

  /** Both validators find what is put before them, so their silence means something. */
  @Test
  void aSeededFaultIsFound() {
    List<Finding> seeded =
        findings(
            app -> {
              Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
              new CfnBucket(new Stack(app, "Seeded"), "Bucket")
                  .addPropertyOverride("VersioningConfiguration.Status", "Wrong");
            });

    assertThat(seeded)
        .anyMatch(
            found -> found.path().startsWith("Seeded") && found.plugin().equals("AwsSolutions"))
        .anyMatch(
            found -> found.path().startsWith("Seeded") && !found.plugin().equals("AwsSolutions"));
  }

  /** The app of the CDK CLI ends with an error; here the report is read instead. */
  private static List<Finding> findings(Consumer<App> change) {
    Path assembly = Synthesis.folder();
    assertThatThrownBy(() -> Synthesis.synthesise(assembly, change))
        .hasMessageContaining("Validation failed");
    JsonNode report = JsonMapper.shared().readTree(assembly.resolve("validation-report.json"));
    List<Finding> findings = new ArrayList<>();
    for (JsonNode plugin : report.path("pluginReports")) {
      for (JsonNode violation : plugin.path("violations")) {
        for (JsonNode construct : violation.path("violatingConstructs")) {
          findings.add(
              new Finding(
                  plugin.path("pluginName").asString(),
                  violation.path("ruleName").asString(),
                  construct.path("constructPath").asString()));
        }
      }
    }
    return findings;
  }
}
