package dev.mlinfra.policy.internal.kubernetes;

import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.template.Value;

/** A process in a container stays what it is. */
final class PrivilegeEscalation implements Rule {
  private static final String SETTING = "securityContext.allowPrivilegeEscalation";

  @Override
  public String id() {
    return "mlinfra::kubernetes.privilege-escalation";
  }

  @Override
  public String requirement() {
    return "No container lets a process gain more rights than it was started with.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {

    for (Pod pod : Pods.workloads(inspection)) {
      if (pod.isWindows()) {
        continue;
      }
      for (Container container : pod.containers()) {
        Value given = container.property(SETTING);
        if (pod.isWhole() || !Decide.isAbsent(given)) {
          outcomes.decided(
              Decide.oneOf(given, "false"),
              pod.resource(),
              container.at(SETTING),
              given,
              "lets a program with the setuid bit become root",
              "set it to false");
        }
      }
    }
  }
}
