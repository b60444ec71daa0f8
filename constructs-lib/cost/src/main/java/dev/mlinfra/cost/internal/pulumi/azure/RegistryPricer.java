package dev.mlinfra.cost.internal.pulumi.azure;

import dev.mlinfra.cost.LineItem;
import dev.mlinfra.cost.internal.pulumi.Cloud;
import dev.mlinfra.cost.internal.pulumi.Inputs;
import dev.mlinfra.cost.internal.pulumi.NotPriced;
import dev.mlinfra.cost.internal.pulumi.PulumiPricer;
import dev.mlinfra.template.Value;
import java.util.Optional;
import java.util.Set;

/** Container registries: by the day and their tier, which some GB come with. */
final class RegistryPricer implements PulumiPricer {
  private static final double DAYS = LineItem.HOURS_PER_MONTH / 24;

  @Override
  public Set<String> types() {
    return Set.of(
        "azure-native:containerregistry:Registry", "azure:containerservice/registry:Registry");
  }

  @Override
  public void price(Inputs in) {
    Value sku = in.at("sku");
    String tier =
        Inputs.text(sku.asText().isPresent() ? sku : sku.entry("name"), "sku.name")
            .orElseThrow(() -> new NotPriced("sku.name is missing"));
    in.bill()
        .always(
            tier + " registry",
            Optional.of(in.price(Cloud.AZURE, "container-registry", tier)),
            DAYS,
            "730 h / 24; images within the GB that the tier comes with");
  }
}
