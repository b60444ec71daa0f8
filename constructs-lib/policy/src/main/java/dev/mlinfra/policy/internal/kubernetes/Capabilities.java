package dev.mlinfra.policy.internal.kubernetes;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.template.Value;
import java.util.Comparator;
import java.util.List;

/** Containers have no power of root but to bind a low port. */
final class Capabilities implements Rule {
  private static final String DROP = "securityContext.capabilities.drop";
  private static final String ADD = "securityContext.capabilities.add";

  @Override
  public String id() {
    return "mlinfra::kubernetes.capabilities";
  }

  @Override
  public String requirement() {
    return "Every container drops all capabilities and adds none but NET_BIND_SERVICE.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {

    for (Pod pod : Pods.workloads(inspection)) {
      if (pod.isWindows()) {
        continue;
      }
      for (Container container : pod.containers()) {
        if (pod.isWhole()) {
          Value dropped = container.property(DROP);
          outcomes.decided(
              drops(dropped),
              pod.resource(),
              container.at(DROP),
              dropped,
              "does not drop all capabilities",
              "set it to [ALL]");
        }
        for (Value added : Decide.items(container.property(ADD))) {
          outcomes.decided(
              Decide.absentOr(added, "NET_BIND_SERVICE"::equals),
              pod.resource(),
              container.at(ADD),
              added,
              "gives the container a power of root",
              "take it out");
        }
      }
    }
  }

  private static Verdict drops(Value dropped) {
    List<Verdict> each =
        Decide.items(dropped).stream().map(it -> Decide.text(it, "ALL"::equals)).toList();
    return each.stream().min(Comparator.naturalOrder()).orElse(Verdict.VIOLATED);
  }
}
