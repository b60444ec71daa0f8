package dev.mlinfra.cost.internal.pulumi.gcp;

import dev.mlinfra.cost.internal.pulumi.Assumption;
import dev.mlinfra.cost.internal.pulumi.Fleet;
import dev.mlinfra.cost.internal.pulumi.Inputs;
import dev.mlinfra.cost.internal.pulumi.Rate;
import dev.mlinfra.cost.internal.pulumi.Text;
import dev.mlinfra.template.Value;

/** The nodes of one pool of GKE, wherever a resource describes it. */
final class Nodes {
  private Nodes() {}

  static void bill(Inputs in, Value pool, Zones zones) {
    Fleet fleet = fleet(pool, zones);
    Value config = pool.entry("nodeConfig");
    in.part(() -> fleet.bill(in, rate(in, config)));
    in.part(() -> disk(in, config, fleet));
  }

  static Rate rate(Inputs in, Value config) {
    if (config.isSymbolic()) {
      throw Inputs.unusable(config, "nodeConfig");
    }
    String machine =
        Inputs.text(config.entry("machineType"), "nodeConfig.machineType").orElse("e2-medium");
    boolean spot =
        config.entry("spot").asBoolean().orElse(false)
            || config.entry("preemptible").asBoolean().orElse(false);
    return Machines.rate(in, machine, config.entry("guestAccelerators"), spot);
  }

  private static void disk(Inputs in, Value config, Fleet fleet) {
    Assumption usual = Assumption.of("gke.bootDiskGb");
    Value size = config.entry("diskSizeGb");
    double gb = Inputs.number(size, usual.value(), "nodeConfig.diskSizeGb");
    String type =
        Inputs.text(config.entry("diskType"), "nodeConfig.diskType").orElse("pd-balanced");
    fleet.billDisk(
        in,
        "boot disk " + type,
        gb,
        Inputs.isAbsent(size) ? usual.toString() : InstancePricer.gbText(gb),
        Disks.price(in, type, false));
  }

  private static Fleet fleet(Value pool, Zones zones) {
    Value scaling = pool.entry("autoscaling");
    if (scaling.isSymbolic()) {
      throw Inputs.unusable(scaling, "autoscaling");
    }
    if (!Inputs.isAbsent(scaling.entry("totalMaxNodeCount"))) {
      double least = number(scaling, "totalMinNodeCount", 0);
      double most = number(scaling, "totalMaxNodeCount", 0);
      return Fleet.between(
          least,
          most,
          "autoscaling.totalMinNodeCount %s, totalMaxNodeCount %s"
              .formatted(Text.of(least), Text.of(most)));
    }
    if (!Inputs.isAbsent(scaling.entry("maxNodeCount"))) {
      double least = number(scaling, "minNodeCount", 0);
      double most = number(scaling, "maxNodeCount", 0);
      return Fleet.between(
          least * zones.least(),
          most * zones.most(),
          "autoscaling.minNodeCount %s, maxNodeCount %s, in each of %s"
              .formatted(Text.of(least), Text.of(most), zones));
    }
    Value count = pool.entry("nodeCount");
    String name = Inputs.isAbsent(count) ? "initialNodeCount" : "nodeCount";
    double each = number(pool, name, 1);
    return Fleet.between(
        each * zones.least(),
        each * zones.most(),
        "%s %s in each of %s".formatted(name, Text.of(each), zones));
  }

  private static double number(Value value, String name, double otherwise) {
    return Inputs.number(value.entry(name), otherwise, name);
  }
}
