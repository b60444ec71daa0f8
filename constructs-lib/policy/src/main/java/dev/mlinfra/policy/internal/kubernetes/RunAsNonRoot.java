package dev.mlinfra.policy.internal.kubernetes;

import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;

/** Containers do not run as root. */
final class RunAsNonRoot implements Rule {

  @Override
  public String id() {
    return "mlinfra::kubernetes.run-as-non-root";
  }

  @Override
  public String requirement() {
    return "Every container must run as another user than root.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {

    for (Pod pod : Pods.workloads(inspection)) {
      for (Pod.Place place : pod.security("runAsNonRoot")) {
        if (pod.isWhole() || !Decide.isAbsent(place.value())) {
          outcomes.decided(
              Decide.isTrue(place.value()),
              pod.resource(),
              place.at(),
              place.value(),
              "lets the container run as root",
              "set it to true, and a USER with a number in the image");
        }
      }
      for (Pod.Place place : pod.stated("runAsUser")) {
        outcomes.decided(
            Decide.number(place.value(), it -> it.signum() != 0),
            pod.resource(),
            place.at(),
            place.value(),
            "is root",
            "set the number of another user, such as 1000");
      }
    }
  }
}
