package dev.mlinfra.policy.internal.reliability;

import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.policy.internal.reliability.SpotPool.Choice;

/**
 * Spot capacity of one kind in one place is all taken away at once, so there must be others to
 * choose from. A family ({@code g5}) and wanted attributes count as any number of types.
 */
final class SpotSpread implements Rule {
  private static final int TYPES = 4;
  private static final int ZONES = 2;
  private static final String TYPES_FIX =
      "name 4 instance types or more, a family, or the attributes that are needed"
          + " (InstanceRequirements)";
  private static final String ZONES_FIX = "name subnets of 2 availability zones or more";

  @Override
  public String id() {
    return "mlinfra::reliability.spot-spread";
  }

  @Override
  public String requirement() {
    return "Spot capacity is chosen from at least 4 instance types in at least 2 zones.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    for (SpotPool pool : SpotPools.of(inspection)) {
      say(pool, pool.types(), TYPES, "instance types", TYPES_FIX, outcomes);
      pool.zones().ifPresent(zones -> say(pool, zones, ZONES, "zones", ZONES_FIX, outcomes));
    }
  }

  private static void say(
      SpotPool pool, Choice choice, int wanted, String what, String fix, Outcomes.Of outcomes) {
    Can.say(
        outcomes,
        pool.judge(choice.atLeast(wanted)),
        pool.resource(),
        choice.setting().at(),
        choice.setting().given(),
        "there are fewer than " + wanted + " " + what + " to choose spot capacity from",
        fix);
  }
}
