package dev.mlinfra.policy.internal.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import java.util.List;
import org.junit.jupiter.api.Test;

class EcsRollbackTest {
  private static final String AT = " Service DeploymentConfiguration.DeploymentCircuitBreaker";
  private static final String PROBLEM = ": a deployment that fails is not rolled back";

  @Test
  void compliantWithACircuitBreakerThatRollsBack() {
    assertThat(
            service(
                "{DeploymentConfiguration: {DeploymentCircuitBreaker: {Enable: true, Rollback:"
                    + " true}}}"))
        .containsExactly("COMPLIANT" + AT);
  }

  @Test
  void compliantWithAnAlarmThatRollsBack() {
    assertThat(
            service(
                "{DeploymentConfiguration: {Alarms: {AlarmNames: [a], Enable: true, Rollback:"
                    + " true}}}"))
        .containsExactly("COMPLIANT" + AT);
  }

  @Test
  void violatedWithoutOne() {
    assertThat(service("{}")).containsExactly("VIOLATED" + AT + PROBLEM);
    assertThat(
            service(
                "{DeploymentController: {Type: ECS}, DeploymentConfiguration:"
                    + " {DeploymentCircuitBreaker: {Enable: true, Rollback: false}}}"))
        .containsExactly("VIOLATED" + AT + PROBLEM);
  }

  @Test
  void undecidedWhenGivenWhenDeployed() {
    assertThat(
            service(
                "{DeploymentConfiguration: {DeploymentCircuitBreaker:"
                    + " {Enable: true, Rollback: !ImportValue rollback}}}"))
        .containsExactly("UNDECIDED" + AT + Undecided.whether(PROBLEM));
    assertThat(service("{DeploymentController: {Type: !ImportValue controller}}"))
        .containsExactly("UNDECIDED" + AT + Undecided.whether(PROBLEM));
  }

  @Test
  void notApplicableToOtherControllers() {
    assertThat(service("{DeploymentController: {Type: CODE_DEPLOY}}")).isEmpty();
  }

  private static List<String> service(String properties) {
    return Checks.of(
        new EcsRollback(),
        "Resources: {Service: {Type: 'AWS::ECS::Service', Properties: " + properties + "}}");
  }
}
