package dev.mlinfra.policy.internal.kubernetes;

import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.template.Value;
import java.util.List;

/** Pods do not take ports of their node. */
final class HostPorts implements Rule {
  private static final String FIX = "take it out and reach the pod through a Service";

  @Override
  public String id() {
    return "mlinfra::kubernetes.host-ports";
  }

  @Override
  public String requirement() {
    return "No container takes a port of its node.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {

    for (Pod pod : Pods.workloads(inspection)) {
      for (Container container : pod.containers()) {
        Value ports = container.property("ports");
        if (ports.isSymbolic()) {
          outcomes.undecided(
              pod.resource(), container.at("ports"), ports, "is known only when deployed", FIX);
        }
        List<Value> items = ports.asList();
        for (int i = 0; i < items.size(); i++) {
          Value given = items.get(i).entry("hostPort");
          outcomes.decided(
              Decide.absentOr(given, "0"::equals),
              pod.resource(),
              container.at("ports[" + i + "].hostPort"),
              given,
              "takes a port of the node, past every Service and NetworkPolicy",
              FIX);
        }
      }
    }
  }
}
