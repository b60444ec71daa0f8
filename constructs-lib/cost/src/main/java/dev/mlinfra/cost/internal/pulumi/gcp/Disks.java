package dev.mlinfra.cost.internal.pulumi.gcp;

import dev.mlinfra.cost.Price;
import dev.mlinfra.cost.internal.pulumi.Cloud;
import dev.mlinfra.cost.internal.pulumi.Inputs;
import java.util.Map;

/** What a GB of a disk of Compute Engine costs per month. */
public final class Disks {
  private static final Map<String, String> ITEMS =
      Map.of(
          "pd-standard", "hdd",
          "pd-balanced", "balanced",
          "pd-ssd", "ssd",
          "pd-extreme", "extreme",
          "local-ssd", "local");

  private Disks() {}

  /**
   * The price of a kind of disk.
   *
   * @param type such as {@code pd-ssd}
   * @param replicated whether it lies in two zones
   */
  public static Price price(Inputs in, String type, boolean replicated) {
    String name = Machines.lastPart(type);
    String item = ITEMS.getOrDefault(name, name) + (replicated ? "-replicated" : "");
    return in.find(Cloud.GCP, "disk", item)
        .orElseThrow(
            () ->
                in.noSource(
                    Cloud.GCP, "disks of type " + name + (replicated ? " in two zones" : "")));
  }
}
