package dev.mlinfra.policy.internal.kubernetes;

import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;

/** Containers may call what programs need of the kernel, and no more. */
final class SeccompProfile implements Rule {

  @Override
  public String id() {
    return "mlinfra::kubernetes.seccomp-profile";
  }

  @Override
  public String requirement() {
    return "Every container runs under a seccomp profile: RuntimeDefault or a Localhost one.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {

    for (Pod pod : Pods.workloads(inspection)) {
      if (pod.isWindows()) {
        continue;
      }
      for (Pod.Place place : pod.security("seccompProfile.type")) {
        if (pod.isWhole() || !Decide.isAbsent(place.value())) {
          outcomes.decided(
              Decide.oneOf(place.value(), "RuntimeDefault", "Localhost"),
              pod.resource(),
              place.at(),
              place.value(),
              "lets the container call everything of the kernel",
              "set RuntimeDefault in the security context of the pod");
        }
      }
    }
  }
}
