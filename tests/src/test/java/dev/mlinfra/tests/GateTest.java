package dev.mlinfra.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlinfra.aws.Acknowledge;
import dev.mlinfra.aws.MlinfraGate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Fn;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.Stage;
import software.amazon.awscdk.services.iam.ManagedPolicy;
import software.amazon.awscdk.services.iam.PolicyStatement;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The gate as a plugin of the newest CDK, where the constructs' own tests have the oldest. */
class GateTest {
  private static final String RULE = "mlinfra::iam.action-star";

  @TempDir Path folder;

  private final MlinfraGate gate = new MlinfraGate();

  @Test
  void whatIsWrongFailsTheSynthesis() {
    App app = app();
    policy(app, "s3:*");

    assertThatThrownBy(app::synth).hasMessageContaining("Validation failed");
    assertThat(violations())
        .singleElement()
        .satisfies(
            violation -> {
              assertThat(violation.path("severity").asString()).isEqualTo("error");
              assertThat(violation.path("description").asString())
                  .startsWith(
                      "PolicyDocument.Statement[0].Action: allows every action of a service");
              assertThat(violation.path("suggestedFix").asString())
                  .isEqualTo("name the actions that are needed");
              assertThat(violation.at("/violatingConstructs/0/constructPath").asString())
                  .isEqualTo("dev/Data/Policy/Resource");
            });
    assertThatThrownBy(gate::throwIfFailed).hasMessageContaining("dev/Data/Policy/Resource");
  }

  @Test
  void whatCannotBeDecidedIsAWarning() {
    App app = app();
    policy(app, Fn.importValue("an-action"));

    app.synth();

    assertThat(violations())
        .singleElement()
        .satisfies(it -> assertThat(it.path("severity").asString()).isEqualTo("warning"));
  }

  @Test
  void whatIsAcknowledgedIsNeither() {
    App app = app();
    Stack data = policy(app, "s3:*");
    Acknowledge.on(data, RULE, "the reviewer of this test has seen it");

    app.synth();

    assertThat(violations()).isEmpty();
  }

  /** What the CDK wrote of the one rule; other rules look on too. */
  private List<JsonNode> violations() {
    Path report = folder.resolve("cdk.out/validation-report.json");
    if (!Files.exists(report)) {
      return List.of();
    }
    return JsonMapper.shared()
        .readTree(report)
        .path("pluginReports")
        .valueStream()
        .filter(plugin -> plugin.path("pluginName").asString().equals("mlinfra"))
        .flatMap(plugin -> plugin.path("violations").valueStream())
        .filter(violation -> violation.path("ruleName").asString().equals(RULE))
        .toList();
  }

  // Its successor is not in the oldest CDK.
  @SuppressWarnings("deprecation")
  private App app() {
    return App.Builder.create()
        .outdir(folder.resolve("cdk.out").toString())
        .policyValidationBeta1(List.of(gate))
        .build();
  }

  private static Stack policy(App app, String action) {
    Stack data = new Stack(new Stage(app, "dev"), "Data");
    ManagedPolicy.Builder.create(data, "Policy")
        .statements(
            List.of(
                PolicyStatement.Builder.create()
                    .actions(List.of(action))
                    .resources(List.of("arn:aws:s3:::bucket/*"))
                    .build()))
        .build();
    return data;
  }
}
