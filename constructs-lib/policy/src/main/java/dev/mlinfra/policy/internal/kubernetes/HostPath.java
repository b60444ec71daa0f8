package dev.mlinfra.policy.internal.kubernetes;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.template.Value;

/** Pods do not read or write files of their node. */
final class HostPath implements Rule {

  @Override
  public String id() {
    return "mlinfra::kubernetes.host-path";
  }

  @Override
  public String requirement() {
    return "No pod mounts a path of its node.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {

    for (Pod pod : Pods.workloads(inspection)) {
      for (Volume volume : Volume.of(pod)) {
        Value given = volume.body().entry("hostPath");
        outcomes.decided(
            Decide.each(given, HostPath::decide),
            pod.resource(),
            volume.at() + ".hostPath",
            given,
            "mounts files of the node",
            "use an emptyDir or a persistentVolumeClaim; a GPU needs no path of the node");
      }
    }
  }

  private static Verdict decide(Value given) {
    if (given.isSymbolic()) {
      return Verdict.UNDECIDED;
    }
    return Decide.isAbsent(given) ? Verdict.COMPLIANT : Verdict.VIOLATED;
  }
}
