package dev.mlinfra.policy.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.template.Models;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StateMachineTest {

  @Test
  void statesAreFoundAtAnyDepth() {
    StateMachine machine =
        machine(
            "DefinitionString: '{\"States\": {\"A\": {\"Branches\": [{\"States\": {\"B\": {}}}]},"
                + " \"C\": {\"ItemProcessor\": {\"States\": {\"D\": {}}}}}}'");

    assertThat(machine.states())
        .extracting(StateMachine.State::at)
        .containsExactly("States.A", "States.B", "States.C", "States.D");
  }

  @Test
  void partsThatOnlyTheDeploymentKnowsDoNotHideTheRest() {
    StateMachine machine =
        machine(
            "DefinitionString: !Join ['', ['{\"TimeoutSeconds\": ', !GetAtt X.Y, ', \"Comment\":"
                + " \"of ', !GetAtt X.Y, '\", \"States\": {}}']]");

    assertThat(machine.definition().orElseThrow())
        .hasToString(
            "{\"TimeoutSeconds\":\"(not known)\",\"Comment\":\"of (not known)\",\"States\":{}}");
  }

  @Test
  void anObjectIsReadLikeAText() {
    assertThat(
            machine("Definition: {TimeoutSeconds: 60, States: {A: {End: true, B: !GetAtt X.Y}}}")
                .definition()
                .orElseThrow())
        .hasToString(
            "{\"TimeoutSeconds\":60,\"States\":{\"A\":{\"End\":true,\"B\":\"(not known)\"}}}");
  }

  @Test
  void substitutionsAreFilledIn() {
    assertThat(
            machine(
                    "DefinitionString: '{\"TimeoutSeconds\": ${Timeout}, \"States\": {}}'",
                    "      DefinitionSubstitutions: {Timeout: 60}")
                .definition()
                .orElseThrow()
                .path("TimeoutSeconds")
                .asInt())
        .isEqualTo(60);
  }

  @Test
  void aDefinitionElsewhereIsEmpty() {
    assertThat(machine("DefinitionS3Location: {Bucket: b, Key: k}").definition()).isEmpty();
    assertThat(machine("DefinitionString: 'no JSON'").definition()).isEmpty();
    assertThat(machine("DefinitionString: !GetAtt X.Y").definition()).isEmpty();
  }

  private static StateMachine machine(String... properties) {
    List<StateMachine> machines =
        StateMachine.of(
            new Inspection(
                Models.parse(
                    "t.yaml",
                    "Resources:\n  M:\n    Type: AWS::StepFunctions::StateMachine\n"
                        + "    Properties:\n      "
                        + String.join("\n", properties)),
                Map.of()));
    return machines.get(0);
  }
}
