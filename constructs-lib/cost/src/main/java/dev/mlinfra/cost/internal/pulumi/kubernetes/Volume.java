package dev.mlinfra.cost.internal.pulumi.kubernetes;

import dev.mlinfra.cost.Price;
import dev.mlinfra.cost.internal.pulumi.Cloud;
import dev.mlinfra.cost.internal.pulumi.Fleet;
import dev.mlinfra.cost.internal.pulumi.Inputs;
import dev.mlinfra.cost.internal.pulumi.NotPriced;
import dev.mlinfra.cost.internal.pulumi.PulumiPricers;
import dev.mlinfra.cost.internal.pulumi.SizeText;
import dev.mlinfra.cost.internal.pulumi.Text;
import dev.mlinfra.cost.internal.pulumi.gcp.Disks;
import dev.mlinfra.template.Value;
import java.util.Map;
import java.util.Optional;

/** The disk that a claim to a volume makes in the cluster's cloud. */
final class Volume {
  /** The classes that GKE comes with; without a name the first counts, which is the default. */
  private static final Map<String, String> OF_GKE =
      Map.of(
          "", "pd-balanced",
          "standard-rwo", "pd-balanced",
          "premium-rwo", "pd-ssd",
          "standard", "pd-standard");

  private Volume() {}

  /** Adds the lines of some claims of the same form. */
  static void bill(Inputs in, Value claim, double count, String whyCount) {
    Value size = claim.at("resources.requests.storage");
    String asked =
        Inputs.text(size, "resources.requests.storage")
            .orElseThrow(() -> new NotPriced("resources.requests.storage is missing"));
    double gib = SizeText.number(asked, "resources.requests.storage") / SizeText.GIB;
    String name = Inputs.text(claim.entry("storageClassName"), "storageClassName").orElse("");
    ClusterCloud where =
        ClusterCloud.of(in)
            .orElseThrow(() -> new NotPriced("a disk in a cloud that this graph does not name"));
    if (where.cloud() == Cloud.AZURE) {
      throw new NotPriced("no source for managed disks of Azure");
    }
    String type = type(in, where.cloud(), name);
    Fleet.always(count, whyCount)
        .billDisk(in, "volume " + type, gib, Text.of(gib) + " GiB", price(where, type));
  }

  private static Price price(ClusterCloud where, String type) {
    return where.cloud() == Cloud.GCP
        ? Disks.price(where.cluster(), type, false)
        : where.cluster().price(Cloud.AWS, "ebs", type + " storage");
  }

  /** By the class where the graph has it, else by what the cloud calls so. */
  private static String type(Inputs in, Cloud cloud, String name) {
    Optional<String> made =
        Environment.resources(in)
            .filter(it -> PulumiPricers.type(it).equals("kubernetes:storage.k8s.io:StorageClass"))
            .map(in::of)
            .filter(it -> it.at("metadata.name").asText().equals(Optional.of(name)))
            .findFirst()
            .flatMap(it -> it.at("parameters.type").asText());
    if (made.isPresent()) {
      return made.get();
    }
    if (cloud == Cloud.GCP && OF_GKE.containsKey(name)) {
      return OF_GKE.get(name);
    }
    if (cloud == Cloud.AWS && (name.equals("gp2") || name.equals("gp3"))) {
      return name;
    }
    throw new NotPriced(
        name.isEmpty()
            ? "a disk of the cluster's default class, which this graph does not say"
            : "a disk of class %s, which this graph does not say".formatted(name));
  }
}
