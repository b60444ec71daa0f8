package dev.mlinfra.cost.internal.pulumi.kubernetes;

import dev.mlinfra.cost.internal.pulumi.Inputs;
import dev.mlinfra.cost.internal.pulumi.PulumiPricer;
import dev.mlinfra.cost.internal.pulumi.Text;
import dev.mlinfra.template.Value;
import java.util.Set;

/** Stateful sets: their pods run on nodes, and each has the disks that it claims. */
final class StatefulSetPricer implements PulumiPricer {
  @Override
  public Set<String> types() {
    return Set.of("kubernetes:apps:StatefulSet");
  }

  @Override
  public void price(Inputs in) {
    in.bill().elsewhere("its pods run on nodes, which are billed at their pool");
    Value templates = in.at("spec.volumeClaimTemplates");
    if (templates.isSymbolic()) {
      throw Inputs.unusable(templates, "spec.volumeClaimTemplates");
    }
    double replicas = in.number("spec.replicas", 1);
    for (Value claim : templates.asList()) {
      in.part(
          () -> Volume.bill(in, claim.entry("spec"), replicas, "replicas " + Text.of(replicas)));
    }
  }
}
