package dev.mlinfra.cost.internal.pulumi.kubernetes;

import dev.mlinfra.cost.internal.pulumi.Inputs;
import dev.mlinfra.cost.internal.pulumi.PulumiPricer;
import java.util.Set;

/** Claims to volumes, each of which makes a disk. */
final class ClaimPricer implements PulumiPricer {
  @Override
  public Set<String> types() {
    return Set.of("kubernetes:core:PersistentVolumeClaim");
  }

  @Override
  public void price(Inputs in) {
    if (!Inputs.isAbsent(in.at("spec.volumeName"))) {
      in.bill().elsewhere("takes a volume that is there already, and is billed with it");
      return;
    }
    Volume.bill(in, in.at("spec"), 1, "one claim");
  }
}
