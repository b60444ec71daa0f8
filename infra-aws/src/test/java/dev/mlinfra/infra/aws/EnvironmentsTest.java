package dev.mlinfra.infra.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlinfra.core.ValidationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** How environment files become stacks. */
class EnvironmentsTest {
  private static final String DEV =
      """
      schema: mlinfra/v1
      environment: dev
      project: ml-agent
      owner: ml-platform
      costCenter: cc-1234
      """;
  private static final String AWS =
      """
      aws:
        account: "123456789012"
        region: us-east-1
      """;

  @TempDir Path folder;

  @Test
  void aFileBecomesAStageOfStacksNamedAfterTheProject() {
    write("dev", DEV + AWS);

    assertThat(synthesise(Map.of()).keySet())
        .containsExactly(
            "ml-agent-account-Access",
            "ml-agent-account-Shared",
            "ml-agent-dev-Data",
            "ml-agent-dev-Prediction",
            "ml-agent-dev-Training");
  }

  @Test
  void theContextChoosesOneEnvironment() {
    write("dev", DEV + AWS);
    write("prod", DEV.replace("environment: dev", "environment: prod") + AWS);

    assertThat(synthesise(Map.of("env", "prod")).keySet())
        .containsExactly(
            "ml-agent-prod-Data", "ml-agent-prod-Prediction", "ml-agent-prod-Training");
  }

  @Test
  void anEnvironmentThatIsNotThereIsNamedWithThoseThatAre() {
    write("dev", DEV + AWS);

    assertThatThrownBy(() -> synthesise(Map.of("env", "dve")))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining("no environment 'dve'; allowed: dev; fix: did you mean 'dev'?");
  }

  @Test
  void anEnvironmentWithoutAwsDeploysNothing() {
    write("dev", DEV);

    assertThat(synthesise(Map.of())).isEmpty();
  }

  @Test
  void settingsReachTheResources() {
    write(
        "dev",
        DEV
            + AWS
            + """
              data: { datasetsDays: 1, resultsDays: 2, checkpointsDays: 3, noncurrentDays: 4, encryption: kms }
              prediction:
                memoryMb: 1769
                timeout: PT30S
                reservedConcurrency: 3
                runtime: java21
                retryAttempts: 1
                maxEventAge: PT5M
                logRetentionDays: 7
                tracing: true
            """);

    Map<String, JsonNode> stacks = synthesise(Map.of());
    JsonNode function = only(stacks.get("ml-agent-dev-Prediction"), "AWS::Lambda::Function");
    assertThat(function.path("MemorySize").asInt()).isEqualTo(1769);
    assertThat(function.path("Timeout").asInt()).isEqualTo(30);
    assertThat(function.path("ReservedConcurrentExecutions").asInt()).isEqualTo(3);
    assertThat(function.path("Runtime").asString()).isEqualTo("java21");
    assertThat(function.at("/TracingConfig/Mode").asString()).isEqualTo("Active");
    JsonNode calls = only(stacks.get("ml-agent-dev-Prediction"), "AWS::Lambda::EventInvokeConfig");
    assertThat(calls.path("MaximumRetryAttempts").asInt()).isEqualTo(1);
    assertThat(calls.path("MaximumEventAgeInSeconds").asInt()).isEqualTo(300);
    assertThat(
            only(stacks.get("ml-agent-dev-Prediction"), "AWS::Logs::LogGroup")
                .path("RetentionInDays")
                .asInt())
        .isEqualTo(7);
    JsonNode rules =
        only(stacks.get("ml-agent-dev-Data"), "AWS::S3::Bucket")
            .at("/LifecycleConfiguration/Rules");
    assertThat(rules.path(0).path("ExpirationInDays").asInt()).isEqualTo(1);
    assertThat(rules.path(1).path("ExpirationInDays").asInt()).isEqualTo(2);
    assertThat(rules.path(2).path("ExpirationInDays").asInt()).isEqualTo(3);
    assertThat(rules.at("/3/NoncurrentVersionExpiration/NoncurrentDays").asInt()).isEqualTo(4);
    only(stacks.get("ml-agent-dev-Data"), "AWS::KMS::Key");
  }

  @Test
  void everyRetentionThatTheSchemaAdmitsIsKnown() {
    JsonNode days =
        JsonMapper.shared()
            .readTree(
                Path.of(System.getProperty("mlinfra.root"), "environments/environment.schema.json"))
            .at("/properties/aws/properties/prediction/properties/logRetentionDays/enum");

    assertThat(days.size()).isGreaterThan(5);
    days.forEach(
        day -> assertThat(PredictionStack.retention(day.asInt())).as(day.toString()).isNotNull());
    assertThatThrownBy(() -> PredictionStack.retention(2)).hasMessage("no log retention of 2 days");
  }

  @ParameterizedTest
  @CsvSource({"retain,true,Retain", "retain,false,Retain", "destroy,true,Delete"})
  void dataGoesOnlyWhenTheFileSaysSoTwice(String onDelete, boolean allow, String expected) {
    write(
        "dev",
        DEV + "allowDataLoss: " + allow + "\n" + AWS + "  data: { onDelete: " + onDelete + " }\n");

    JsonNode template = synthesise(Map.of()).get("ml-agent-dev-Data");
    template
        .path("Resources")
        .forEach(
            resource -> {
              if (resource.path("Type").asString().equals("AWS::S3::Bucket")) {
                assertThat(resource.path("DeletionPolicy").asString()).isEqualTo(expected);
              }
            });
  }

  @Test
  void oneKeyAloneIsRefused() {
    write("dev", DEV + AWS + "  data: { onDelete: destroy }\n");

    assertThatThrownBy(() -> synthesise(Map.of()))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining("given 'destroy' without allowDataLoss: true");
  }

  private Map<String, JsonNode> synthesise(Map<String, Object> context) {
    new EnvironmentFolder(folder).synthesise(context);
    Path output = folder.resolve("cdk.out");
    Map<String, JsonNode> stacks = new TreeMap<>();
    try (Stream<Path> files = Files.walk(output)) {
      for (Path manifest : files.filter(file -> file.endsWith("manifest.json")).toList()) {
        JsonMapper.shared()
            .readTree(manifest)
            .path("artifacts")
            .forEach(
                artifact -> {
                  if (artifact.path("type").asString().equals("aws:cloudformation:stack")) {
                    stacks.put(
                        artifact.at("/properties/stackName").asString(),
                        JsonMapper.shared()
                            .readTree(
                                manifest.resolveSibling(
                                    artifact.at("/properties/templateFile").asString())));
                  }
                });
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return stacks;
  }

  private static JsonNode only(JsonNode template, String type) {
    JsonNode found = null;
    for (JsonNode resource : template.path("Resources")) {
      if (resource.path("Type").asString().equals(type)) {
        assertThat(found).as("one " + type).isNull();
        found = resource.path("Properties");
      }
    }
    assertThat(found).as("one " + type).isNotNull();
    return found;
  }

  private void write(String name, String text) {
    try {
      Files.writeString(folder.resolve(name + ".yaml"), text);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
