package dev.mlinfra.cost.internal.pulumi.gcp;

import dev.mlinfra.cost.internal.pulumi.Fleet;
import dev.mlinfra.cost.internal.pulumi.Inputs;
import dev.mlinfra.cost.internal.pulumi.NotPriced;
import dev.mlinfra.cost.internal.pulumi.PulumiPricer;
import dev.mlinfra.cost.internal.pulumi.Rate;
import dev.mlinfra.cost.internal.pulumi.Text;
import dev.mlinfra.template.Value;
import java.util.Set;

/** Single machines of Compute Engine, and the disk that they start from. */
final class InstancePricer implements PulumiPricer {
  @Override
  public Set<String> types() {
    return Set.of("gcp:compute/instance:Instance", "google-native:compute:Instance");
  }

  @Override
  public void price(Inputs in) {
    boolean stopped =
        in.at("desiredStatus").asText().filter("TERMINATED"::equalsIgnoreCase).isPresent();
    Fleet fleet =
        stopped
            ? Fleet.between(0, 1, "desiredStatus TERMINATED; it can be started")
            : Fleet.always(1, "one machine that always runs");
    in.part(() -> fleet.bill(in, rate(in, in.at("scheduling"))));
    in.part(() -> bootDisk(in));
    in.part(() -> scratchDisks(in, fleet));
  }

  private static Rate rate(Inputs in, Value scheduling) {
    String machine =
        Inputs.text(in.at("machineType"), "machineType")
            .orElseThrow(() -> new NotPriced("machineType is missing"));
    return Machines.rate(in, machine, in.at("guestAccelerators"), isSpot(scheduling));
  }

  /** Both of Google's names for a machine that can be taken away. */
  static boolean isSpot(Value scheduling) {
    return scheduling.entry("preemptible").asBoolean().orElse(false)
        || scheduling
            .entry("provisioningModel")
            .asText()
            .filter("SPOT"::equalsIgnoreCase)
            .isPresent();
  }

  /** It is kept while the machine is stopped. */
  private static void bootDisk(Inputs in) {
    if (!in.resource().type().startsWith("gcp:")) {
      throw new NotPriced("the boot disk: disks of google-native are not read");
    }
    if (!Inputs.isAbsent(in.at("bootDisk.source"))) {
      return;
    }
    Value size = in.at("bootDisk.initializeParams.size");
    if (Inputs.isAbsent(size)) {
      throw new NotPriced(
          "the boot disk is as large as its image: set bootDisk.initializeParams.size");
    }
    double gb = Inputs.number(size, 0, "bootDisk.initializeParams.size");
    String type =
        Inputs.text(in.at("bootDisk.initializeParams.type"), "bootDisk.initializeParams.type")
            .orElse("pd-standard");
    Fleet.always(1, "one disk")
        .billDisk(in, "boot disk " + type, gb, gbText(gb), Disks.price(in, type, false));
  }

  private static void scratchDisks(Inputs in, Fleet fleet) {
    for (Value disk : in.at("scratchDisks").asList()) {
      double gb = Inputs.number(disk.entry("size"), 375, "the size of a scratch disk");
      fleet.billDisk(in, "local SSD", gb, gbText(gb), Disks.price(in, "local-ssd", false));
    }
  }

  static String gbText(double gb) {
    return Text.of(gb) + " GB";
  }
}
