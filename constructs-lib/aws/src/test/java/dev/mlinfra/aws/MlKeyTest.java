package dev.mlinfra.aws;

import static dev.mlinfra.testkit.CdkAssertions.assertThatTemplate;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlinfra.core.ValidationException;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import tools.jackson.databind.JsonNode;

class MlKeyTest {
  private final TestStack stack = new TestStack();

  @Test
  void byDefaultItRotatesAndStays() {
    new MlKey(stack.scope(), "Key");

    JsonNode key = stack.properties("AWS::KMS::Key");
    assertThat(key.path("EnableKeyRotation").asBoolean()).isTrue();
    assertThat(key.path("RotationPeriodInDays").asInt()).isEqualTo(365);
    assertThat(key.path("PendingWindowInDays").asInt()).isEqualTo(30);
    assertThat(stack.only("AWS::KMS::Key").path("DeletionPolicy").asString()).isEqualTo("Retain");
    assertThat(stack.types()).containsExactly("AWS::KMS::Key");
    assertThatTemplate(stack.tagged("data").scope()).passesGate();
  }

  @Test
  void byDefaultItIsUsedThroughServicesAlone() {
    new MlKey(stack.scope(), "Key");

    JsonNode statements =
        TestStack.shown(stack.properties("AWS::KMS::Key").at("/KeyPolicy/Statement"));
    assertThat(statements).hasSize(2);
    assertThat(TestStack.texts(statements.at("/0/Action")))
        .contains("kms:PutKeyPolicy", "kms:ScheduleKeyDeletion")
        .noneMatch(action -> action.contains("*") || action.contains("crypt"));
    assertThat(TestStack.texts(statements.at("/1/Action")))
        .containsExactly(
            "kms:Decrypt",
            "kms:DescribeKey",
            "kms:Encrypt",
            "kms:GenerateDataKey*",
            "kms:ReEncrypt*");
    assertThat(statements.at("/1/Condition"))
        .isEqualTo(
            TestStack.json(
                """
                {"StringEquals": {"kms:ViaService": [
                  "s3.us-east-1.amazonaws.com", "secretsmanager.us-east-1.amazonaws.com",
                  "ssm.us-east-1.amazonaws.com"]}}
                """));
  }

  @Test
  void takesAnAliasAPeriodAndServicesThatNeedGrants() {
    MlKey key =
        new MlKey(
            stack.scope(),
            "Key",
            MlKeyProps.builder()
                .services(List.of("ec2"))
                .alias("ml-agent/dev")
                .rotationPeriod(Duration.days(90))
                .build());

    assertThat(key.getKey()).isNotNull();
    assertThat(stack.properties("AWS::KMS::Alias").path("AliasName").asString())
        .isEqualTo("alias/ml-agent/dev");
    JsonNode properties = stack.properties("AWS::KMS::Key");
    assertThat(properties.path("RotationPeriodInDays").asInt()).isEqualTo(90);
    JsonNode grant = properties.at("/KeyPolicy/Statement/2");
    assertThat(grant.path("Action").asString()).isEqualTo("kms:CreateGrant");
    assertThat(grant.at("/Condition/Bool/kms:GrantIsForAWSResource").asString()).isEqualTo("true");
    assertThatTemplate(stack.tagged("data").scope()).passesGate();
  }

  /** EKS asks on behalf of the cluster's role and keeps a grant; KMS is not told of EKS. */
  @Test
  void thatOfAClusterGivesGrantsToServicesAlone() {
    new MlKey(stack.scope(), "Key", MlKeyProps.builder().services(List.of("eks")).build());

    JsonNode statements =
        TestStack.shown(stack.properties("AWS::KMS::Key").at("/KeyPolicy/Statement"));
    assertThat(statements).hasSize(2);
    assertThat(statements.at("/1/Action").asString()).isEqualTo("kms:CreateGrant");
    assertThat(statements.at("/1/Condition"))
        .isEqualTo(TestStack.json("{\"Bool\": {\"kms:GrantIsForAWSResource\": \"true\"}}"));
  }

  @Test
  void grantsReadingAndWriting() {
    MlKey key = new MlKey(stack.scope(), "Key");
    key.getGrants().decrypt(role("Reader"));
    key.getGrants().encrypt(role("Writer"));

    String arn = stack.resources("AWS::KMS::Key").keySet().iterator().next();
    assertThat(stack.grants()).allMatch(grant -> grant.contains(arn)).hasSize(2);
    assertThat(stack.actions()).containsExactly("kms:Decrypt", "kms:GenerateDataKey");
  }

  @Test
  void refusesEverythingThatIsWrongAtOnce() {
    assertThatThrownBy(
            () ->
                new MlKey(
                    stack.scope(),
                    "Key",
                    MlKeyProps.builder()
                        .services(List.of("S3"))
                        .alias("aws/mine")
                        .rotationPeriod(Duration.days(30))
                        .build()))
        .isInstanceOf(ValidationException.class)
        .hasMessageStartingWith("MlKey 'Test/Key' has 3 problems")
        .hasMessageContainingAll(
            "services: given 'S3'; allowed: dynamodb, ec2, ecr, eks, elasticfilesystem, s3,"
                + " secretsmanager, sns, sqs, ssm",
            "alias: given 'aws/mine'; allowed: 1 to 250 letters, digits and / _ -, not beginning"
                + " with aws/",
            "rotationPeriod: given 30 days; allowed: 90 to 2560 days");
  }

  @Test
  void refusesAKeyThatNobodyCanUse() {
    assertThatThrownBy(
            () -> new MlKey(stack.scope(), "Key", MlKeyProps.builder().services(List.of()).build()))
        .hasMessageContaining(
            "services: given none; allowed: at least one; fix: nobody could use the key");
  }

  private Role role(String id) {
    return Role.Builder.create(stack.scope(), id)
        .assumedBy(new ServicePrincipal("ecs-tasks.amazonaws.com"))
        .build();
  }
}
