package dev.mlinfra.policy.internal.reliability;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.template.Value;
import java.math.BigDecimal;
import java.util.List;

/**
 * Images with CUDA and a framework take ten gigabytes and more each, and EKS gives a node 20 GiB.
 * Nodes whose images go to the disks of the instance (RAID0 of the node configuration) have room.
 */
final class GpuNodeDisk implements Rule {
  private static final BigDecimal LEAST_GIB = BigDecimal.valueOf(100);
  private static final String TEMPLATE_DISKS = "BlockDeviceMappings";

  @Override
  public String id() {
    return "mlinfra::reliability.gpu-node-disk";
  }

  @Override
  public String requirement() {
    return "Nodes with an accelerator have a disk of at least 100 GiB for the images of"
        + " containers.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    for (GpuNodes group : GpuNodes.of(inspection)) {
      Value size = inspection.property(group.nodes(), "DiskSize");
      boolean own = !size.isMissing() || group.template().isMissing();
      Value given = own ? size : group.template().entry(TEMPLATE_DISKS);
      Verdict room = own ? isEnough(size) : Decide.each(given, GpuNodeDisk::anyIsEnough);
      Verdict local = group.startsWith("RAID0");
      Can.say(
          outcomes,
          group.judge(local == Verdict.COMPLIANT ? local : room),
          group.nodes(),
          own ? "DiskSize" : "LaunchTemplate",
          given,
          "the disk is too small for images of containers that use an accelerator",
          own
              ? "set DiskSize to 100 or more"
              : "set Ebs.VolumeSize to 100 or more in "
                  + TEMPLATE_DISKS
                  + " of the launch template");
    }
  }

  private static Verdict isEnough(Value size) {
    return Decide.number(size, it -> it.compareTo(LEAST_GIB) >= 0);
  }

  private static Verdict anyIsEnough(Value disks) {
    if (disks.isSymbolic()) {
      return Verdict.UNDECIDED;
    }
    Verdict best = Verdict.VIOLATED;
    for (Value disk : disks.asList()) {
      Value ebs = disk.entry("Ebs");
      boolean sizeOfSnapshot =
          ebs.entry("VolumeSize").isMissing() && !ebs.entry("SnapshotId").isMissing();
      Verdict one = sizeOfSnapshot ? Verdict.UNDECIDED : isEnough(ebs.entry("VolumeSize"));
      best = Decide.best(List.of(best, one));
    }
    return best;
  }
}
