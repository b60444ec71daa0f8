package dev.mlinfra.policy.internal.kubernetes;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.template.Value;
import java.util.Map;
import java.util.Set;

/** Pods mount what the cluster manages. */
final class VolumeTypes implements Rule {
  private static final String FIX = "make a PersistentVolume of it and use a persistentVolumeClaim";

  private static final Set<String> ALLOWED =
      Set.of(
          "configMap",
          "csi",
          "downwardAPI",
          "emptyDir",
          "ephemeral",
          "image",
          "persistentVolumeClaim",
          "projected",
          "secret");

  /** The volume's name, and what a rule of its own is about. */
  private static final Set<String> KEPT_ELSEWHERE = Set.of("name", "hostPath");

  @Override
  public String id() {
    return "mlinfra::kubernetes.volume-types";
  }

  @Override
  public String requirement() {
    return "Volumes are of kinds that the cluster manages: no NFS share, disk or share of"
        + " a cloud directly.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {

    for (Pod pod : Pods.workloads(inspection)) {
      for (Volume volume : Volume.of(pod)) {
        if (volume.body().isSymbolic()) {
          outcomes.undecided(
              pod.resource(), volume.at(), volume.body(), "is known only when deployed", FIX);
          continue;
        }
        for (Map.Entry<String, Value> source : volume.body().asMap().entrySet()) {
          if (!KEPT_ELSEWHERE.contains(source.getKey()) && !Decide.isAbsent(source.getValue())) {
            outcomes.say(
                ALLOWED.contains(source.getKey()) ? Verdict.COMPLIANT : Verdict.VIOLATED,
                pod.resource(),
                volume.at() + "." + source.getKey(),
                source.getValue(),
                "mounts storage past the cluster's control",
                FIX);
          }
        }
      }
    }
  }
}
