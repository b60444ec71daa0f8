package dev.mlinfra.policy.internal.clouds;

import static dev.mlinfra.policy.internal.PulumiStates.SECRET;
import static dev.mlinfra.policy.internal.PulumiStates.UNKNOWN;
import static dev.mlinfra.policy.internal.PulumiStates.resource;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.PulumiStates;
import dev.mlinfra.template.Model;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SecretInputTest {

  @Test
  void compliantWhenPulumiKeepsIt() {
    assertThat(
            check(
                PulumiStates.of(
                    resource(
                        "azure-native:sql:Server",
                        "db",
                        "administratorLoginPassword: " + SECRET + ""))))
        .containsExactly("COMPLIANT db administratorLoginPassword");
  }

  @Test
  void violatedByAPassword() {
    assertThat(
            check(
                PulumiStates.of(
                    resource(
                        "azure-native:sql:Server", "db", "administratorLoginPassword: hunter2"))))
        .containsExactly("VIOLATED db administratorLoginPassword: stands in clear in the state");
  }

  @Test
  void violatedByAProvider() {
    assertThat(
            check(
                PulumiStates.of(resource("pulumi:providers:runpod", "runpod", "apiKey: hunter2"))))
        .containsExactly("VIOLATED runpod apiKey: stands in clear in the state");
  }

  @Test
  void violatedByAVariable() {
    assertThat(
            check(
                PulumiStates.of(
                    resource(
                        "gcp:cloudrunv2/job:Job",
                        "job",
                        "template: {template: {containers: [{envs: [{name: HF_TOKEN, value: hunter2}]}]}}"),
                    resource(
                        "aws:lambda/function:Function",
                        "fn",
                        "environment: {variables: {HF_TOKEN: hunter2, STAGE: dev}}"))))
        .containsExactly(
            "VIOLATED job template.template.containers[0].envs[0].value: stands in clear in the state",
            "VIOLATED fn environment.variables.HF_TOKEN: stands in clear in the state");
  }

  @Test
  void violatedWhereATypeHasItsSecret() {
    assertThat(
            check(
                PulumiStates.of(
                    resource(
                        "azure-native:keyvault/v20230701:Secret",
                        "kv",
                        "properties: {value: hunter2}"),
                    resource(
                        "aws:ssm/parameter:Parameter", "ssm", "type: SecureString, value: hunter2"),
                    resource(
                        "gcp:secretmanager/secretVersion:SecretVersion",
                        "sm",
                        "secret: hf, secretData: hunter2"))))
        .containsExactly(
            "VIOLATED kv properties.value: stands in clear in the state",
            "VIOLATED ssm value: stands in clear in the state",
            "VIOLATED sm secretData: stands in clear in the state");
  }

  @Test
  void undecidedWhenKnownOnlyWhenDeployed() {
    assertThat(
            check(
                PulumiStates.of(
                    resource(
                        "azure-native:sql:Server",
                        "db",
                        "administratorLoginPassword: " + UNKNOWN + ""))))
        .containsExactly(
            "UNDECIDED db administratorLoginPassword: may stand in clear in the state");
  }

  @Test
  void notApplicableToWhatSaysWhereASecretStands() {
    assertThat(
            check(
                PulumiStates.of(
                    resource(
                        "gcp:cloudrunv2/job:Job",
                        "job",
                        "envs: [{name: HF_TOKEN, valueSource: {secretKeyRef: {secret: hf, version: latest}}}]"),
                    resource("aws:ssm/parameter:Parameter", "ssm", "type: String, value: plain"),
                    resource("kubernetes:core/v1:Secret", "k", "stringData: {password: x}"))))
        .isEmpty();
  }

  private static List<String> check(Model model) {
    return Checks.of(new SecretInput(), model);
  }

  @Test
  void neverShowsWhatIsGiven() {
    Outcomes outcomes = new Outcomes();
    SecretInput rule = new SecretInput();
    Model model = PulumiStates.of(resource("azure-native:sql:Server", "db", "password: hunter2"));
    rule.check(new Inspection(model, Map.of()), outcomes.of(rule));

    assertThat(outcomes.all()).isNotEmpty();
    assertThat(outcomes.all()).noneMatch(it -> it.given().contains("hunter2"));
  }
}
