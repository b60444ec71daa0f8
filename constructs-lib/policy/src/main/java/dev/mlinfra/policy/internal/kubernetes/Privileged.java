package dev.mlinfra.policy.internal.kubernetes;

import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.template.Value;

/** Nothing runs as if it were the node. */
final class Privileged implements Rule {
  private static final String PROBLEM = "lets the container do everything on its node";
  private static final String FIX =
      "set it to false; a GPU needs a limit of its resource, not privileges";

  @Override
  public String id() {
    return "mlinfra::kubernetes.privileged";
  }

  @Override
  public String requirement() {
    return "No container is privileged, and none is a process of the host on Windows.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {

    for (Pod pod : Pods.workloads(inspection)) {
      for (Container container : pod.containers()) {
        Value given = container.property("securityContext.privileged");
        outcomes.decided(
            Decide.absentOr(given, "false"::equals),
            pod.resource(),
            container.at("securityContext.privileged"),
            given,
            PROBLEM,
            FIX);
      }
      for (Pod.Place place : pod.stated("windowsOptions.hostProcess")) {
        outcomes.decided(
            Decide.oneOf(place.value(), "false"),
            pod.resource(),
            place.at(),
            place.value(),
            PROBLEM,
            FIX);
      }
    }
  }
}
