package dev.mlinfra.cost.internal.pulumi.aws;

import dev.mlinfra.cost.Price;
import dev.mlinfra.cost.internal.pulumi.Assumption;
import dev.mlinfra.cost.internal.pulumi.Cloud;
import dev.mlinfra.cost.internal.pulumi.Fleet;
import dev.mlinfra.cost.internal.pulumi.Inputs;
import dev.mlinfra.cost.internal.pulumi.NodePricer;
import dev.mlinfra.cost.internal.pulumi.NotPriced;
import dev.mlinfra.cost.internal.pulumi.Rate;
import dev.mlinfra.cost.internal.pulumi.Text;
import dev.mlinfra.template.Value;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Managed node groups of EKS: of several types the dearest counts, since any may start. */
final class EksNodeGroupPricer implements NodePricer {
  private static final String SCALING = "scalingConfig.";

  @Override
  public Set<String> types() {
    return Set.of("aws:eks/nodeGroup:NodeGroup", "aws-native:eks:Nodegroup");
  }

  @Override
  public void price(Inputs in) {
    double least = in.number(SCALING + "minSize", 0);
    if (Inputs.isAbsent(in.at(SCALING + "maxSize"))) {
      throw new NotPriced("scalingConfig.maxSize is missing");
    }
    double most = in.number(SCALING + "maxSize", 0);
    Fleet fleet =
        Fleet.between(
            least,
            most,
            "scalingConfig.minSize %s, maxSize %s".formatted(Text.of(least), Text.of(most)));
    in.part(() -> fleet.bill(in, dearest(in)));
    in.part(() -> disk(in, fleet));
  }

  private static Rate dearest(Inputs in) {
    List<Rate> rates = rates(in);
    Rate dearest =
        rates.stream()
            .max(Comparator.comparingDouble(rate -> rate.most().usd().high()))
            .orElseThrow(() -> new NotPriced("instanceTypes is missing"));
    return rates.size() == 1
        ? dearest
        : dearest.noting("the dearest of %s types that may start".formatted(rates.size()));
  }

  @Override
  public List<Rate> nodes(Inputs in) {
    return rates(in);
  }

  private static List<Rate> rates(Inputs in) {
    Value types = in.at("instanceTypes");
    if (Inputs.isAbsent(types) && !Inputs.isAbsent(in.at("launchTemplate"))) {
      throw new NotPriced("its machines are those of a launch template, which is not read");
    }
    if (types.isSymbolic()) {
      throw Inputs.unusable(types, "instanceTypes");
    }
    boolean spot = in.at("capacityType").asText().filter("SPOT"::equals).isPresent();
    Stream<String> names =
        Inputs.isAbsent(types)
            ? Stream.of("t3.medium")
            : types.asList().stream().flatMap(type -> Inputs.text(type, "instanceTypes").stream());
    return names.map(type -> Machines.rate(in, type, spot)).toList();
  }

  private static void disk(Inputs in, Fleet fleet) {
    if (!Inputs.isAbsent(in.at("launchTemplate"))) {
      throw new NotPriced("disks of its nodes: those of a launch template are not read");
    }
    Assumption usual = Assumption.of("eks.nodeDiskGb");
    Value size = in.at("diskSize");
    double gb = Inputs.number(size, usual.value(), "diskSize");
    Price price = in.price(Cloud.AWS, "ebs", "gp2 storage");
    fleet.billDisk(
        in,
        "node disk gp2",
        gb,
        Inputs.isAbsent(size) ? usual.toString() : Text.of(gb) + " GB",
        price);
  }
}
