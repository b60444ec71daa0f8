package dev.mlinfra.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.mlinfra.core.ValidationException;
import dev.mlinfra.policy.Acknowledgement;
import dev.mlinfra.policy.Gate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Fn;
import software.amazon.awscdk.NestedStack;
import software.amazon.awscdk.PolicyValidationPluginReportBeta1;
import software.amazon.awscdk.PolicyViolationBeta1;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.Stage;
import software.amazon.awscdk.services.iam.ManagedPolicy;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.constructs.Construct;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The plugin in a real synthesis, with the oldest CDK that is supported. */
class MlinfraGateTest {
  private static final String RULE = "mlinfra::iam.action-star";
  private static final String REASON = "the reviewer of this test has seen it";

  @TempDir Path folder;

  private final MlinfraGate gate = new MlinfraGate();

  @Test
  void whatIsWrongFails() {
    App app = app(gate);
    policy(new Stack(new Stage(app, "dev"), "Data"), "Policy", "s3:*");

    JsonNode violation = synthesise(app).get(0);

    assertThat(violation.path("severity").asString()).isEqualTo("error");
    assertThat(violation.path("fix").asString()).isEqualTo("name the actions that are needed");
    assertThat(violation.path("description").asString())
        .isEqualTo(
            "PolicyDocument.Statement[0].Action: allows every action of a service; given: s3:*");
    assertThat(violation.at("/violatingConstructs/0/constructPath").asString())
        .isEqualTo("dev/Data/Policy/Resource");
    assertThatThrownBy(gate::throwIfFailed)
        .isInstanceOf(ValidationException.class)
        .hasMessageStartingWith("What was synthesised has ")
        .hasMessageContaining(
            "dev/Data/Policy/Resource: "
                + RULE
                + ": PolicyDocument.Statement[0].Action: allows every action of a service;"
                + " given: s3:*; fix: name the actions that are needed");
  }

  @Test
  void whatIsFinePasses() {
    App app = app(gate);
    policy(new Stack(app, "Data"), "Policy", "s3:GetObject");

    assertThat(synthesise(app)).isEmpty();
    assertThatCode(gate::throwIfFailed).doesNotThrowAnyException();
  }

  @Test
  void whatCannotBeDecidedIsAWarningAndDoesNotFail() {
    App app = app(gate);
    policy(new Stack(app, "Data"), "Policy", Fn.importValue("an-action"));

    app.synth();
    PolicyValidationPluginReportBeta1 report = validate(gate, "Data.template.json");

    assertThat(report.getSuccess()).isTrue();
    assertThat(report.getViolations())
        .extracting(PolicyViolationBeta1::getSeverity, PolicyViolationBeta1::getRuleName)
        .contains(tuple("warning", RULE));
    assertThatCode(gate::throwIfFailed).doesNotThrowAnyException();
  }

  @Test
  void findsWhatIsInStagesAndNestedStacks() {
    App app = app(gate);
    policy(new NestedStack(new Stack(new Stage(app, "dev"), "Data"), "Inner"), "Policy", "s3:*");
    policy(new Stack(app, "Other"), "Policy", "sqs:*");

    assertThat(paths(synthesise(app)))
        .containsExactly("dev/Data/Inner/Policy/Resource", "Other/Policy/Resource");
  }

  @Test
  void onAStageItReadsThatStageAlone() {
    App app = app(null);
    Stage dev = Stage.Builder.create(app, "dev").policyValidationBeta1(List.of(gate)).build();
    policy(new Stack(dev, "Data"), "Policy", "s3:*");
    policy(new Stack(app, "Other"), "Policy", "sqs:*");

    assertThat(paths(synthesise(app))).containsExactly("dev/Data/Policy/Resource");
  }

  @Test
  void whatIsAcknowledgedPasses() {
    App app = app(gate);
    Stack data = new Stack(new Stage(app, "dev"), "Data");
    policy(data, "Policy", "s3:*");
    Acknowledge.on(data, RULE, REASON);

    assertThat(synthesise(app)).isEmpty();
  }

  @Test
  void takesAGateOfItsOwn() {
    MlinfraGate lenient =
        new MlinfraGate(
            Gate.standard().acknowledging(List.of(new Acknowledgement(RULE, "Data", REASON))));
    App app = app(lenient);
    policy(new Stack(app, "Data"), "Policy", "s3:*");

    assertThat(synthesise(app)).isEmpty();
  }

  /** The CDK shows nothing of a finding that names no template. */
  @Test
  void aFindingOfAWholeStackStandsAtItsTemplate() {
    App app = app(gate);
    Stack data = new Stack(app, "Data");
    policy(data, "Policy", "s3:GetObject");
    data.addTransform("Macro");
    app.synth();

    assertThat(validate(gate, "Data.template.json").getViolations())
        .filteredOn(it -> it.getRuleName().equals("mlinfra::gate.not-read"))
        .singleElement()
        .satisfies(
            it -> {
              assertThat(it.getDescription()).startsWith("Data: the macro \"Macro\" runs");
              assertThat(it.getViolatingResources().get(0).getTemplatePath())
                  .endsWith("Data.template.json");
            });
  }

  /** As the CDK records it when it runs with JSII_HOST_STACK_TRACES=1. */
  @Test
  void namesTheLineOfJava() throws IOException {
    write(
        "manifest.json",
        """
        {"version": "53.0.0", "artifacts": {"Data": {
          "type": "aws:cloudformation:stack",
          "environment": "aws://unknown-account/unknown-region",
          "properties": {"templateFile": "Data.template.json"},
          "metadata": {"/Data/Policy": [{"type": "aws:cdk:logicalId", "data": "Policy",
            "trace": ["dev.mlinfra.aws.TrainingRole.<init> (TrainingRole.java:7)",
                      "com.example.DataStack.<init> (DataStack.java:14)"]}]}}}}
        """);
    write(
        "Data.template.json",
        """
        {"Resources": {"Policy": {"Type": "AWS::IAM::Policy", "Properties": {"PolicyDocument":
          {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::b"}]}}}}}
        """);

    assertThat(validate(gate, "Data.template.json").getViolations())
        .extracting(PolicyViolationBeta1::getDescription)
        .isNotEmpty()
        .allMatch(it -> it.endsWith("made by com.example.DataStack.<init> (DataStack.java:14)"));
  }

  @Test
  void whatWasNotCheckedIsNotTakenForFine() throws IOException {
    assertThatThrownBy(gate::throwIfFailed)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("nothing was checked: call it after app.synth()");

    assertThat(gate.validate(List::of).getSuccess()).isTrue();
    assertThatCode(gate::throwIfFailed).doesNotThrowAnyException();

    write("manifest.json", "{\"version\": ");
    assertThatThrownBy(() -> validate(gate, "Data.template.json"))
        .isInstanceOf(ValidationException.class);
    assertThatThrownBy(gate::throwIfFailed).isInstanceOf(IllegalStateException.class);
  }

  private App app(MlinfraGate plugin) {
    return App.Builder.create()
        .outdir(assembly().toString())
        .context(Map.of("@aws-cdk/core:validationReportJson", true))
        .policyValidationBeta1(plugin == null ? List.of() : List.of(plugin))
        .build();
  }

  private Path assembly() {
    return folder.resolve("cdk.out");
  }

  /** Synthesises, and gives what the CDK wrote of the one rule; other rules look on too. */
  private List<JsonNode> synthesise(App app) {
    app.synth();
    return JsonMapper.shared()
        .readTree(assembly().resolve("policy-validation-report.json"))
        .at("/pluginReports/0/violations")
        .valueStream()
        .filter(violation -> violation.path("ruleName").asString().equals(RULE))
        .toList();
  }

  private static List<String> paths(List<JsonNode> violations) {
    return violations.stream()
        .map(it -> it.at("/violatingConstructs/0/constructPath").asString())
        .toList();
  }

  /** What the plugin tells the CDK of a template. */
  private PolicyValidationPluginReportBeta1 validate(MlinfraGate plugin, String template) {
    return plugin.validate(() -> List.of(assembly().resolve(template).toString()));
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(Files.createDirectories(assembly()).resolve(name), text);
  }

  private static void policy(Construct scope, String id, String action) {
    ManagedPolicy.Builder.create(scope, id)
        .statements(
            List.of(
                PolicyStatement.Builder.create()
                    .actions(List.of(action))
                    .resources(List.of("arn:aws:s3:::bucket/*"))
                    .build()))
        .build();
  }
}
