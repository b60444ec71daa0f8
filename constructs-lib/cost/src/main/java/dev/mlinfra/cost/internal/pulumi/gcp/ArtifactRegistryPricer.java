package dev.mlinfra.cost.internal.pulumi.gcp;

import dev.mlinfra.cost.Charge;
import dev.mlinfra.cost.LineItem;
import dev.mlinfra.cost.internal.pulumi.Assumption;
import dev.mlinfra.cost.internal.pulumi.Cloud;
import dev.mlinfra.cost.internal.pulumi.Inputs;
import dev.mlinfra.cost.internal.pulumi.PulumiPricer;
import java.util.Optional;
import java.util.Set;

/** Repositories of Artifact Registry: what lies in them. */
final class ArtifactRegistryPricer implements PulumiPricer {
  @Override
  public Set<String> types() {
    return Set.of("gcp:artifactregistry/repository:Repository", "gcp:container/registry:Registry");
  }

  @Override
  public void price(Inputs in) {
    Assumption images = Assumption.of("registry.gb");
    in.bill()
        .line(
            "storage",
            LineItem.Kind.STORED,
            new Charge(
                images.value(),
                in.price(Cloud.GCP, "artifact-registry", "storage"),
                images.toString()),
            Optional.empty());
  }
}
