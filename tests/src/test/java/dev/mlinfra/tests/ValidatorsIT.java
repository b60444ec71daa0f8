package dev.mlinfra.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cdklabs.cdknag.AwsSolutionsChecks;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awscdk.Validations;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The CDK's own validator in strict mode and cdk-nag's AwsSolutions pack over the three
 * environments. Runs with validation on, unlike the unit tests.
 */
class ValidatorsIT {
  private static JsonNode report;

  @BeforeAll
  static void synthesise() {
    assertThat(System.getenv("CDK_VALIDATION")).as("validation must be on").isNotEqualTo("false");
    Path assembly =
        Synthesis.synthesise(app -> Validations.of(app).addPlugins(new AwsSolutionsChecks(app)));
    Path file = assembly.resolve("validation-report.json");
    assertThat(file).exists();
    assertThat(Files.isRegularFile(file)).isTrue();
    report = JsonMapper.shared().readTree(file);
  }

  @Test
  void bothValidatorsRan() {
    assertThat(report.path("pluginReports"))
        .extracting(plugin -> plugin.path("summary").path("pluginName").asString())
        .anyMatch(name -> name.contains("AwsSolutions"))
        .anyMatch(name -> name.toLowerCase(java.util.Locale.ROOT).contains("validate"));
  }

  @Test
  void nothingIsLeftUnacknowledged() {
    List<String> open = new ArrayList<>();
    for (JsonNode plugin : report.path("pluginReports")) {
      for (JsonNode violation : plugin.path("violations")) {
        open.add(violation.toString());
      }
    }
    assertThat(open).isEmpty();
  }
}
