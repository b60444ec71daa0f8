package dev.mlinfra.testkit;

import static dev.mlinfra.testkit.TemplateAssertions.assertThatTemplate;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlinfra.core.CostTags;
import dev.mlinfra.policy.Acknowledgement;
import dev.mlinfra.policy.Gate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemplateAssertTest {
  private static final String TEMPLATE =
      """
      Parameters: {Password: {Type: String, Default: swordfish, NoEcho: true}}
      Resources:
        Data:
          Type: AWS::S3::Bucket
          Properties: {VersioningConfiguration: {Status: Enabled}, Name: !Sub '${Topic.Arn}/x'}
        Topic: {Type: AWS::SNS::Topic, Properties: {FifoTopic: true}}
      """;

  private static final String MACRO = "Transform: Macro\nResources: {}";

  @TempDir Path folder;

  private static void fails(ThrowingCallable assertion, String... texts) {
    assertThatThrownBy(assertion).isInstanceOf(AssertionError.class).hasMessageContainingAll(texts);
  }

  @Test
  void resources() {
    assertThatTemplate(TEMPLATE)
        .hasResource("AWS::S3::Bucket")
        .hasResources("AWS::SNS::Topic", 1)
        .hasNoResource("AWS::IAM::Role")
        .hasOnlyTypes("AWS::SNS::Topic", "AWS::S3::Bucket");

    fails(
        () -> assertThatTemplate(TEMPLATE).hasResource("AWS::IAM::Role"),
        "no AWS::IAM::Role; there are [AWS::S3::Bucket, AWS::SNS::Topic]");
    fails(
        () -> assertThatTemplate(TEMPLATE).hasNoResource("AWS::S3::Bucket"),
        "1 of AWS::S3::Bucket instead of 0: [template:Data]");
    fails(
        () -> assertThatTemplate(TEMPLATE).hasOnlyTypes("AWS::S3::Bucket"),
        "types [AWS::S3::Bucket, AWS::SNS::Topic] instead of [AWS::S3::Bucket]");
  }

  @Test
  void properties() {
    assertThatTemplate(TEMPLATE)
        .hasProperty("AWS::S3::Bucket", "VersioningConfiguration.Status", "Enabled")
        .hasProperty("AWS::SNS::Topic", "FifoTopic", true)
        .hasProperty("AWS::S3::Bucket", "Name", "${template:Topic.Arn}/x");

    fails(
        () -> assertThatTemplate(TEMPLATE).hasProperty("AWS::SNS::Topic", "FifoTopic", false),
        "template:Topic: FifoTopic is true instead of false");
    fails(
        () -> assertThatTemplate(TEMPLATE).hasProperty("AWS::SNS::Topic", "TopicName", "x"),
        "TopicName is nothing instead of x");
    fails(
        () -> assertThatTemplate(TEMPLATE).hasProperty("AWS::IAM::Role", "Path", "/"),
        "0 of AWS::IAM::Role instead of 1");
  }

  @Test
  void secrets() {
    assertThatTemplate(TEMPLATE).hides("swordfish");

    fails(
        () -> assertThatTemplate(TEMPLATE.replace("true}}", "false}}")).hides("swordfish"),
        "a secret stands in clear in [template: parameter Password]");
    fails(
        () -> assertThatTemplate(TEMPLATE).hides("nabled"),
        "a secret stands in clear in [template:Data: properties]");
    fails(
        () -> assertThatTemplate(TEMPLATE + "Outputs: {O: {Value: 'a \"b\"'}}").hides("\"b\""),
        "a secret stands in clear in [template: output O]");
  }

  @Test
  void secretsInMappings() {
    fails(
        () ->
            assertThatTemplate(TEMPLATE + "Mappings: {M: {a: {b: swordfish}}}").hides("swordfish"),
        "a secret stands in clear in [template: mapping M]");
  }

  @Test
  void costTagsOfNothing() {
    fails(
        () -> assertThatTemplate("Resources: {A: {Type: 'Custom::A'}}").hasCostTags(),
        "no resource that can carry tags; there are [Custom::A]");
  }

  @Test
  void costTagsSayBothCountsAndEveryPlace() {
    String tags =
        CostTags.KEYS.stream()
            .map(key -> "{Key: " + key + ", Value: x}")
            .collect(Collectors.joining(", ", "[", "]"));
    String tagged = "Resources: {B: {Type: 'AWS::S3::Bucket', Properties: {Tags: " + tags + "}}";

    assertThatTemplate(tagged + "}").hasCostTags();
    fails(
        () ->
            assertThatTemplate(
                    tagged
                        + ", S: {Type: 'AWS::ECS::Service', Properties: {PropagateTags: SERVICE}}}")
                .hasCostTags(),
        "1 of 2 taggable resources are tagged, 1 of 2 places carry the tags on; not:",
        "template:S: Tags: lacks cost-center, environment,",
        "template:S: EnableECSManagedTags: wants true");
  }

  @Test
  void gaps() {
    assertThatTemplate(TEMPLATE).hasNoGaps();

    fails(
        () -> assertThatTemplate("Transform: AWS::Serverless-2016-10-31\n" + TEMPLATE).hasNoGaps(),
        "not known: [");
  }

  @Test
  void passingTheGate() {
    assertThatTemplate(policy("s3:GetObject")).passesGate();

    fails(
        () -> assertThatTemplate(policy("s3:*")).passesGate(),
        """
          error    mlinfra::iam.action-star
                   PolicyDocument.Statement[0].Action: allows every action of a service
                   given: s3:*
                   fix: name the actions that are needed
        """);
  }

  @Test
  void whatCannotBeDecidedDoesNotPass() {
    fails(
        () -> assertThatTemplate(MACRO).passesGate(),
        """
        the gate finds:

        template
          warning  mlinfra::gate.not-read
                   the macro "Macro" runs at deploy time and can change the template
                   fix: check what it makes in another way

        0 errors, 1 not decided, 0 acknowledged;""");
  }

  @Test
  void passingAGateThatAcknowledges() {
    Gate gate =
        Gate.standard()
            .acknowledging(
                List.of(
                    new Acknowledgement(
                        "mlinfra::gate.not-read", "template", "as this test wants it to be")));

    assertThatTemplate(MACRO).passesGate(gate);
    fails(
        () -> assertThatTemplate(policy("s3:GetObject")).passesGate(gate),
        "the acknowledgement of mlinfra::gate.not-read covers no finding");
  }

  @Test
  void findings() {
    assertThatTemplate(policy("s3:GetObject")).hasFindings();
    assertThatTemplate(MACRO).hasFindings("mlinfra::gate.not-read");

    fails(
        () -> assertThatTemplate(MACRO).hasFindings("mlinfra::iam.action-star"),
        "the gate finds [mlinfra::gate.not-read] instead of [mlinfra::iam.action-star]:");
    fails(
        () -> assertThatTemplate(MACRO).hasFindings(),
        "the gate finds [mlinfra::gate.not-read] instead of []:");
  }

  private static String policy(String action) {
    return """
        Resources:
          Policy:
            Type: AWS::IAM::ManagedPolicy
            Properties:
              PolicyDocument:
                Statement: [{Effect: Allow, Action: %s, Resource: 'arn:aws:s3:::bucket/*'}]
        """
        .formatted(action);
  }

  @Test
  void snapshots() throws IOException {
    Files.writeString(folder.resolve("t.json"), "{\n}\n");
    Files.writeString(folder.resolve("t.txt"), "x\n");
    TemplateAssert template = assertThatTemplate(TEMPLATE).withSnapshots(Snapshots.in(folder));

    fails(() -> template.matchesSnapshot("t"), "t.json is not as reviewed");
    fails(template::matchesSnapshots, "template.json is not there yet");
    fails(() -> template.hasPermissions("t"), "t.txt is not as reviewed");
    fails(() -> template.keepsLogicalIds("t"), "t.txt is not as reviewed");
  }

  @Test
  void aFileIsReadToo() throws IOException {
    Path file = Files.writeString(folder.resolve("shop.template.yaml"), TEMPLATE);

    assertThatTemplate(file).hasResource("AWS::S3::Bucket");
  }
}
