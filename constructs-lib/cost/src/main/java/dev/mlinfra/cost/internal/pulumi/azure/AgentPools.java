package dev.mlinfra.cost.internal.pulumi.azure;

import dev.mlinfra.cost.internal.pulumi.Fleet;
import dev.mlinfra.cost.internal.pulumi.Inputs;
import dev.mlinfra.cost.internal.pulumi.NotPriced;
import dev.mlinfra.cost.internal.pulumi.Rate;
import dev.mlinfra.cost.internal.pulumi.Text;
import dev.mlinfra.template.Value;

/** Pools of nodes of AKS, wherever a resource describes them. */
final class AgentPools {
  private AgentPools() {}

  static void bill(Inputs in, Value pool) {
    in.part(() -> fleet(pool).bill(in, rate(in, pool)));
    if (!pool.entry("osDiskType").asText().filter("Ephemeral"::equals).isPresent()) {
      in.part(
          () -> {
            throw new NotPriced("no source for OS disks of its nodes: managed disks of Azure");
          });
    }
  }

  static Rate rate(Inputs in, Value pool) {
    if (pool.isSymbolic()) {
      throw Inputs.unusable(pool, "the pool");
    }
    Machines.refuseWindows(pool.entry("osType"));
    return Machines.rate(
        in, pool.entry("vmSize"), "vmSize", either(pool, "scaleSetPriority", "priority"));
  }

  private static Fleet fleet(Value pool) {
    Value scales = either(pool, "enableAutoScaling", "autoScalingEnabled");
    if (scales.isSymbolic()) {
      throw Inputs.unusable(scales, "enableAutoScaling");
    }
    if (scales.asBoolean().orElse(false)) {
      double least = Inputs.number(pool.entry("minCount"), 0, "minCount");
      Value most = pool.entry("maxCount");
      if (Inputs.isAbsent(most)) {
        throw new NotPriced("maxCount is missing");
      }
      double highest = Inputs.number(most, 0, "maxCount");
      return Fleet.between(
          least, highest, "minCount %s, maxCount %s".formatted(Text.of(least), Text.of(highest)));
    }
    double count = Inputs.number(either(pool, "count", "nodeCount"), 1, "count");
    return Fleet.always(count, "count " + Text.of(count));
  }

  private static Value either(Value pool, String first, String second) {
    Value value = pool.entry(first);
    return Inputs.isAbsent(value) ? pool.entry(second) : value;
  }
}
