package dev.mlinfra.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlinfra.core.ValidationException;
import dev.mlinfra.policy.Acknowledgement;
import dev.mlinfra.policy.Gate;
import dev.mlinfra.policy.Report;
import dev.mlinfra.testkit.CdkModels;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awscdk.CfnResource;
import software.amazon.awscdk.services.iam.ManagedPolicy;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.s3.Bucket;
import software.constructs.IConstruct;
import tools.jackson.databind.JsonNode;

class AcknowledgeTest {
  private static final String RULE = "mlinfra::iam.action-star";
  private static final String REASON = "the reviewer of this test has seen it";

  private final TestStack stack = new TestStack();

  @Test
  void standsInTheMetadataOfEachResourceBelow() {
    Bucket bucket = Bucket.Builder.create(stack.scope(), "Bucket").enforceSsl(true).build();
    role("Role");

    Acknowledge.on(bucket, RULE, REASON);

    assertThat(entries("AWS::S3::Bucket"))
        .isEqualTo(
            TestStack.json(
                "[{\"rule\": \"%s\", \"scope\": \"Test/Bucket\", \"reason\": \"%s\"}]"
                    .formatted(RULE, REASON)));
    assertThat(entries("AWS::S3::BucketPolicy").size()).isEqualTo(1);
    assertThat(entries("AWS::IAM::Role").isMissingNode()).isTrue();
  }

  @Test
  void oneMoreIsAddedToThoseBefore() {
    Role role = role("Role");

    Acknowledge.on(role, RULE, REASON);
    Acknowledge.on(stack.scope(), "mlinfra::gate.not-read", REASON);

    assertThat(entries("AWS::IAM::Role").findValuesAsString("rule"))
        .containsExactly(RULE, "mlinfra::gate.not-read");
    assertThat(entries("AWS::IAM::Role").findValuesAsString("scope"))
        .containsExactly("Test/Role", "Test");
  }

  @Test
  void aResourceIsAScopeToo() {
    CfnResource resource = (CfnResource) role("Role").getNode().getDefaultChild();

    Acknowledge.on(resource, RULE, REASON);

    assertThat(entries("AWS::IAM::Role").findValuesAsString("scope"))
        .containsExactly("Test/Role/Resource");
  }

  /** The path of an app is empty; a star stands for any first part of a path. */
  @Test
  void anAppIsEverything() {
    role("Role");

    Acknowledge.on(stack.scope().getNode().getRoot(), RULE, REASON);

    assertThat(entries("AWS::IAM::Role").findValuesAsString("scope")).containsExactly("*");
  }

  @Test
  void theGateFindsIt() {
    role("Role")
        .addManagedPolicy(
            ManagedPolicy.Builder.create(stack.scope(), "Policy")
                .statements(
                    List.of(
                        PolicyStatement.Builder.create()
                            .actions(List.of("s3:*"))
                            .resources(List.of("arn:aws:s3:::b/*"))
                            .build()))
                .build());
    IConstruct policy = stack.scope().getNode().findChild("Policy");

    Acknowledge.on(policy, RULE, REASON);

    Report report = Gate.standard().check(CdkModels.of(stack.scope()));
    assertThat(report.findings()).extracting(it -> it.rule()).doesNotContain(RULE);
    assertThat(report.acknowledged())
        .extracting(Report.Acknowledged::acknowledgement)
        .contains(new Acknowledgement(RULE, "Test/Policy", REASON));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mlinfra:iam.action-star",
        "iam.action-star",
        "mlinfra::action-star",
        "mlinfra::IAM.x",
        "mlinfra::iam.action-star ",
        ""
      })
  void theRuleIsAnId(String rule) {
    role("Role");

    assertThatThrownBy(() -> Acknowledge.on(stack.scope(), rule, REASON))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining("Acknowledge on 'Test' has 1 problem:")
        .hasMessageContaining(
            "rule: given '"
                + rule
                + "'; allowed: the id of a rule, mlinfra::family.rule; fix: take it from the"
                + " finding");
  }

  @Test
  void everyProblemIsToldAtOnce() {
    assertThatThrownBy(() -> Acknowledge.on(stack.scope(), "x", "  because  "))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining("has 3 problems:")
        .hasMessageContaining(
            "reason: given 7 characters; allowed: at least 20; fix: say why the finding may stay")
        .hasMessageContaining(
            "scope: has no resource; allowed: a construct with at least one; fix: call it after"
                + " the resources are made");
  }

  private JsonNode entries(String type) {
    return stack.only(type).path("Metadata").path(Acknowledgement.METADATA);
  }

  private Role role(String id) {
    return Role.Builder.create(stack.scope(), id)
        .assumedBy(new ServicePrincipal("ecs-tasks.amazonaws.com"))
        .build();
  }
}
