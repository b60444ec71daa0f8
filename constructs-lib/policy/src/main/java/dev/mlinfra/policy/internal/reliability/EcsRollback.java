package dev.mlinfra.policy.internal.reliability;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.util.List;

/**
 * A deployment whose tasks do not start goes on trying for hours, unless it is told to give up.
 * Services whose deployments another controller does, such as CodeDeploy, are left to it.
 */
final class EcsRollback implements Rule {
  private static final String BREAKER = "DeploymentConfiguration.DeploymentCircuitBreaker";
  private static final String ALARMS = "DeploymentConfiguration.Alarms";

  @Override
  public String id() {
    return "mlinfra::reliability.ecs-rollback";
  }

  @Override
  public String requirement() {
    return "A service of ECS goes back to what worked when a deployment fails.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    for (Resource service : inspection.resources("AWS::ECS::Service")) {
      Value controller = inspection.property(service, "DeploymentController.Type");
      Verdict ecs = controller.isMissing() ? Verdict.COMPLIANT : Can.be(controller, "ECS");
      if (ecs != Verdict.VIOLATED) {
        Value breaker = inspection.property(service, BREAKER);
        Verdict byBreaker = rollsBack(breaker);
        Verdict byAlarm = rollsBack(inspection.property(service, ALARMS));
        Can.say(
            outcomes,
            Can.judge(ecs == Verdict.COMPLIANT, Decide.best(List.of(byBreaker, byAlarm))),
            service,
            BREAKER,
            breaker,
            "a deployment that fails is not rolled back",
            "set DeploymentCircuitBreaker to {Enable: true, Rollback: true}");
      }
    }
  }

  private static Verdict rollsBack(Value settings) {
    return Verdict.worst(
        List.of(
            Decide.isTrue(settings.entry("Enable")), Decide.isTrue(settings.entry("Rollback"))));
  }
}
