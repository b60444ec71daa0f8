package dev.mlinfra.aws;

import static dev.mlinfra.testkit.CdkAssertions.assertThatTemplate;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlinfra.core.ValidationException;
import org.junit.jupiter.api.Test;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.lambda.Function;
import software.amazon.awscdk.services.lambda.IFunction;
import tools.jackson.databind.JsonNode;

class MlSecretsTest {
  private final TestStack stack = new TestStack();

  @Test
  void aSecretStartsWithARandomValueAndStays() {
    MlSecrets secrets = secrets(MlSecretsProps.builder().addSecrets("token"));

    JsonNode secret = stack.properties("AWS::SecretsManager::Secret");
    assertThat(secret.has("SecretString")).isFalse();
    assertThat(secret.has("GenerateSecretString")).isTrue();
    assertThat(secret.has("KmsKeyId")).isFalse();
    assertThat(stack.only("AWS::SecretsManager::Secret").path("DeletionPolicy").asString())
        .isEqualTo("Retain");
    assertThat(stack.types()).containsExactly("AWS::SecretsManager::Secret");
    assertThat(secrets.has("token")).isTrue();
    assertThat(stack.warnings())
        .singleElement()
        .asString()
        .contains("put a new value every 90 days", "mlinfra::secrets.rotation");
    assertThatTemplate(stack.tagged("training").scope()).passesGate();
  }

  @Test
  void aParameterIsReferredTo() {
    MlSecrets secrets = secrets(MlSecretsProps.builder().addParameters("/ml-agent/dev/token"));

    assertThat(stack.types()).isEmpty();
    assertThat(stack.warnings()).isEmpty();
    assertThat(secrets.has("/ml-agent/dev/token")).isTrue();
    assertThat(secrets.getParameterArns().get("/ml-agent/dev/token"))
        .endsWith(":ssm:us-east-1:123456789012:parameter/ml-agent/dev/token");
  }

  @Test
  void aFunctionRotatesThem() {
    secrets(
        MlSecretsProps.builder()
            .addSecrets("token")
            .rotationFunction(function())
            .rotationInterval(Duration.days(30)));

    JsonNode schedule = stack.properties("AWS::SecretsManager::RotationSchedule");
    assertThat(schedule.at("/RotationRules/AutomaticallyAfterDays").asInt()).isEqualTo(30);
    assertThat(schedule.path("RotateImmediatelyOnUpdate").asBoolean(true)).isFalse();
    JsonNode permission = stack.properties("AWS::Lambda::Permission");
    assertThat(permission.path("Principal").asString()).isEqualTo("secretsmanager.amazonaws.com");
    assertThat(permission.path("SourceAccount").asString()).isEqualTo("123456789012");
    assertThat(stack.warnings()).isEmpty();
    assertThatTemplate(stack.tagged("training").scope()).passesGate();
  }

  @Test
  void aKeyOfYourOwnEncryptsThem() {
    MlKey key = new MlKey(stack.scope(), "Key");
    MlSecrets secrets =
        secrets(
            MlSecretsProps.builder()
                .addSecrets("token")
                .addParameters("/url")
                .encryptionKey(key.getKey()));
    Role role = role();
    secrets.getGrants().read(role, "token");
    secrets.getGrants().read(role, "/url");

    assertThat(stack.properties("AWS::SecretsManager::Secret").has("KmsKeyId")).isTrue();
    assertThat(stack.actions())
        .containsExactly("kms:Decrypt", "secretsmanager:GetSecretValue", "ssm:GetParameters");
  }

  @Test
  void grantsReadingOneAndNoOther() {
    MlSecrets secrets = secrets(MlSecretsProps.builder().addSecrets("one", "two"));
    secrets.getGrants().read(role(), "two");

    assertThat(stack.grants())
        .singleElement()
        .asString()
        .startsWith("secretsmanager:GetSecretValue on Secretstwo");
  }

  @Test
  void refusesANameThatNobodyHas() {
    MlSecrets secrets = secrets(MlSecretsProps.builder().addSecrets("token").addParameters("/url"));

    assertThatThrownBy(() -> secrets.valueFrom("tokn"))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining(
            "name: given 'tokn'; allowed: /url, token; fix: add it to secrets or parameters");
    assertThatThrownBy(
            () ->
                new MlSecrets(stack.scope(), "None", MlSecretsProps.builder().build())
                    .valueFrom("a"))
        .hasMessageContaining("name: given 'a'; allowed: nothing: there are no secrets");
  }

  @Test
  void refusesEverythingThatIsWrongAtOnce() {
    assertThatThrownBy(
            () ->
                secrets(
                    MlSecretsProps.builder()
                        .addSecrets("My Token")
                        .addParameters("token")
                        .rotationInterval(Duration.hours(30))))
        .isInstanceOf(ValidationException.class)
        .hasMessageStartingWith("MlSecrets 'Test/Secrets' has 3 problems")
        .hasMessageContainingAll(
            "secrets: given 'My Token'; allowed: 1 to 64 lower-case letters, digits and hyphens,"
                + " first a letter",
            "parameters: given 'token'; allowed: names such as /ml-agent/dev/token",
            "rotationInterval: given 1 day 6 hours; allowed: 1 to 1000 whole days");
  }

  private MlSecrets secrets(MlSecretsProps.Builder props) {
    return new MlSecrets(stack.scope(), "Secrets", props.build());
  }

  private IFunction function() {
    return Function.fromFunctionArn(
        stack.scope(), "Rotation", "arn:aws:lambda:us-east-1:123456789012:function:rotation");
  }

  private Role role() {
    return Role.Builder.create(stack.scope(), "Role")
        .assumedBy(new ServicePrincipal("ecs-tasks.amazonaws.com"))
        .build();
  }
}
