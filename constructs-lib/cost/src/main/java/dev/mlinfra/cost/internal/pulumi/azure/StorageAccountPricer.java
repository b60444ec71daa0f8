package dev.mlinfra.cost.internal.pulumi.azure;

import dev.mlinfra.cost.Charge;
import dev.mlinfra.cost.LineItem;
import dev.mlinfra.cost.internal.pulumi.Cloud;
import dev.mlinfra.cost.internal.pulumi.Inputs;
import dev.mlinfra.cost.internal.pulumi.NotPriced;
import dev.mlinfra.cost.internal.pulumi.PulumiPricer;
import java.util.Optional;
import java.util.Set;

/** Storage accounts: the blobs in them, kept in one place. */
final class StorageAccountPricer implements PulumiPricer {
  @Override
  public Set<String> types() {
    return Set.of("azure-native:storage:StorageAccount", "azure:storage/account:Account");
  }

  @Override
  public void price(Inputs in) {
    String replication =
        Inputs.text(in.first("sku.name", "accountReplicationType"), "sku.name")
            .map(name -> name.substring(name.indexOf('_') + 1))
            .orElse("LRS");
    String tier = Inputs.text(in.at("accessTier"), "accessTier").orElse("Hot");
    String item =
        switch (tier + " " + replication) {
          case "Hot LRS" -> "hot LRS first 50 TB (general purpose v2)";
          case "Cool LRS" -> "cool LRS";
          default ->
              throw new NotPriced("no source for blobs in %s %s".formatted(tier, replication));
        };
    in.bill()
        .line(
            "storage",
            LineItem.Kind.STORED,
            new Charge(
                in.bill().usage().dataGb(), in.price(Cloud.AZURE, "blob", item), "usage.dataGb"),
            Optional.empty());
  }
}
