package dev.mlinfra.cost.internal.pulumi.gcp;

import dev.mlinfra.cost.internal.pulumi.Fleet;
import dev.mlinfra.cost.internal.pulumi.Inputs;
import dev.mlinfra.cost.internal.pulumi.NotPriced;
import dev.mlinfra.cost.internal.pulumi.PulumiPricer;
import dev.mlinfra.template.Value;
import java.util.Set;

/** Disks of Compute Engine that stand for themselves. */
final class DiskPricer implements PulumiPricer {
  private static final String REGIONAL = "gcp:compute/regionDisk:RegionDisk";

  @Override
  public Set<String> types() {
    return Set.of("gcp:compute/disk:Disk", REGIONAL);
  }

  @Override
  public void price(Inputs in) {
    Value size = in.at("size");
    if (Inputs.isAbsent(size)) {
      throw new NotPriced("it is as large as what it is made from: set size");
    }
    double gb = Inputs.number(size, 0, "size");
    String type = Inputs.text(in.at("type"), "type").orElse("pd-standard");
    boolean replicated = in.resource().type().equals(REGIONAL);
    Fleet.always(1, "one disk")
        .billDisk(in, type, gb, InstancePricer.gbText(gb), Disks.price(in, type, replicated));
  }
}
