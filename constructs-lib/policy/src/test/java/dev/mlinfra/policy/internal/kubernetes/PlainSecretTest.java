package dev.mlinfra.policy.internal.kubernetes;

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

class PlainSecretTest {

  @Test
  void compliantWhenPulumiKeepsIt() {
    assertThat(
            check(
                PulumiStates.of(
                    resource(
                        "kubernetes:core/v1:Secret",
                        "key",
                        "stringData: {token: " + SECRET + "}"))))
        .containsExactly("COMPLIANT key stringData[\"token\"]");
  }

  @Test
  void violatedByAVariable() {
    assertThat(
            check(Workloads.deployment("containers: [{env: [{name: HF_TOKEN, value: hunter2}]}]")))
        .containsExactly(
            "VIOLATED serve spec.template.spec.containers[0].env[0].value: shows a secret"
                + " to everyone who may read pods");
  }

  @Test
  void violatedByASecretOfPulumiInAVariable() {
    assertThat(
            check(
                Workloads.deployment(
                    "containers: [{env: [{name: HF_TOKEN, value: " + SECRET + "}]}]")))
        .containsExactly(
            "VIOLATED serve spec.template.spec.containers[0].env[0].value: shows a secret"
                + " to everyone who may read pods");
  }

  @Test
  void violatedByASecretInClear() {
    assertThat(
            check(
                PulumiStates.of(
                    resource("kubernetes:core/v1:Secret", "key", "stringData: {any: hunter2}"))))
        .containsExactly("VIOLATED key stringData[\"any\"]: stands in clear in the state");
  }

  @Test
  void violatedBySettings() {
    assertThat(
            check(
                PulumiStates.of(
                    resource(
                        "kubernetes:core/v1:ConfigMap",
                        "settings",
                        "data: {db-password: hunter2, region: eu}"))))
        .containsExactly("VIOLATED settings data[\"db-password\"]: stands in clear in the state");
  }

  @Test
  void undecidedWhenKnownOnlyWhenDeployed() {
    assertThat(
            check(
                Workloads.deployment(
                    "containers: [{env: [{name: HF_TOKEN, value: " + UNKNOWN + "}]}]")))
        .containsExactly(
            "UNDECIDED serve spec.template.spec.containers[0].env[0].value: may show a"
                + " secret to everyone who may read pods");
  }

  @Test
  void undecidedWhenTheDataIsKnownOnlyWhenDeployed() {
    assertThat(
            check(
                PulumiStates.of(
                    resource(
                        "kubernetes:core/v1:Secret", "key", "stringData: {a: " + UNKNOWN + "}"))))
        .containsExactly("UNDECIDED key stringData[\"a\"]: may stand in clear in the state");
  }

  @Test
  void notApplicableToAReference() {
    assertThat(
            check(
                Workloads.deployment(
                    "containers: [{env: [{name: HF_TOKEN, valueFrom: {secretKeyRef: {name:"
                        + " hf}}}, {name: MAX_TOKENS, value: '10'}]}]")))
        .isEmpty();
  }

  private static List<String> check(Model model) {
    return Checks.of(new PlainSecret(), model);
  }

  @Test
  void neverShowsWhatIsGiven() {
    Outcomes outcomes = new Outcomes();
    Model model = Workloads.deployment("containers: [{env: [{name: HF_TOKEN, value: hunter2}]}]");
    PlainSecret rule = new PlainSecret();
    rule.check(new Inspection(model, Map.of()), outcomes.of(rule));

    assertThat(outcomes.all()).isNotEmpty();
    assertThat(outcomes.all()).noneMatch(it -> it.given().contains("hunter2"));
  }
}
