package dev.mlinfra.cost.internal.pulumi.gcp;

import dev.mlinfra.cost.Charge;
import dev.mlinfra.cost.LineItem;
import dev.mlinfra.cost.Price;
import dev.mlinfra.cost.internal.pulumi.Cloud;
import dev.mlinfra.cost.internal.pulumi.Inputs;
import dev.mlinfra.cost.internal.pulumi.NotPriced;
import dev.mlinfra.cost.internal.pulumi.PulumiPricer;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Buckets of Cloud Storage: what lies in them. */
final class BucketPricer implements PulumiPricer {
  private static final Set<String> MULTI_REGIONS = Set.of("US", "EU", "ASIA");

  @Override
  public Set<String> types() {
    return Set.of("gcp:storage/bucket:Bucket", "google-native:storage:Bucket");
  }

  @Override
  public void price(Inputs in) {
    String kind =
        Inputs.text(in.at("storageClass"), "storageClass")
            .orElse("STANDARD")
            .toLowerCase(Locale.ROOT)
            .replace("multi_regional", "standard")
            .replace("regional", "standard");
    String item = kind + " storage";
    // Where nothing is said, Google takes its multi-region in the United States.
    String place = Inputs.text(in.at("location"), "location").orElse("US").toUpperCase(Locale.ROOT);
    Price price =
        isRegion(place)
            ? in.price(Cloud.GCP, "gcs", item)
            : in.bill()
                .price("gcp", name(place), "gcs", item)
                .filter(found -> found.region().equals(name(place)))
                .orElseThrow(() -> new NotPriced("no source for %s of %s".formatted(item, place)));
    in.bill()
        .line(
            "storage",
            LineItem.Kind.STORED,
            new Charge(in.bill().usage().dataGb(), price, "usage.dataGb"),
            Optional.empty());
  }

  /** A multi-region has a short name, a pair of regions a code such as {@code NAM4}. */
  private static boolean isRegion(String place) {
    return place.contains("-");
  }

  private static String name(String place) {
    return MULTI_REGIONS.contains(place) ? place + " multi-region" : place;
  }
}
