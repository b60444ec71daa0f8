package dev.mlinfra.policy.internal.kubernetes;

import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.template.Value;
import java.util.List;

/** Pods do not share what belongs to their node. */
final class HostNamespaces implements Rule {

  @Override
  public String id() {
    return "mlinfra::kubernetes.host-namespaces";
  }

  @Override
  public String requirement() {
    return "No pod uses the network, the processes or the shared memory of its node.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {

    for (Pod pod : Pods.workloads(inspection)) {
      for (String setting : List.of("hostNetwork", "hostPID", "hostIPC")) {
        Value given = pod.property(setting);
        outcomes.decided(
            Decide.absentOr(given, "false"::equals),
            pod.resource(),
            pod.at(setting),
            given,
            "shares it with everything on the node",
            hint(setting));
      }
    }
  }

  private static String hint(String setting) {
    return setting.equals("hostIPC")
        ? "set it to false; for shared memory mount an emptyDir of medium Memory at /dev/shm"
        : "set it to false";
  }
}
