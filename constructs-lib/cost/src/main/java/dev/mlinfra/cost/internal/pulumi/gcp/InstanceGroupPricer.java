package dev.mlinfra.cost.internal.pulumi.gcp;

import dev.mlinfra.cost.internal.pulumi.Fleet;
import dev.mlinfra.cost.internal.pulumi.Inputs;
import dev.mlinfra.cost.internal.pulumi.NotPriced;
import dev.mlinfra.cost.internal.pulumi.PulumiPricer;
import dev.mlinfra.cost.internal.pulumi.PulumiPricers;
import dev.mlinfra.cost.internal.pulumi.Text;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.util.Optional;
import java.util.Set;

/** Groups of machines that are made from a template, with or without an autoscaler. */
final class InstanceGroupPricer implements PulumiPricer {
  private static final Set<String> TEMPLATES =
      Set.of(
          "gcp:compute/instanceTemplate:InstanceTemplate",
          "gcp:compute/regionInstanceTemplate:RegionInstanceTemplate");

  private static final Set<String> AUTOSCALERS =
      Set.of(
          "gcp:compute/autoscaler:Autoscaler",
          "gcp:compute/autoscalar:Autoscalar",
          "gcp:compute/regionAutoscaler:RegionAutoscaler");

  @Override
  public Set<String> types() {
    return Set.of(
        "gcp:compute/instanceGroupManager:InstanceGroupManager",
        "gcp:compute/regionInstanceGroupManager:RegionInstanceGroupManager");
  }

  @Override
  public void price(Inputs in) {
    Resource template =
        in.linked("versions").stream()
            .filter(it -> TEMPLATES.contains(PulumiPricers.type(it)))
            .findFirst()
            .orElseThrow(() -> new NotPriced("its instance template is not in this graph"));
    Value machine = in.of(template).at("machineType");
    String type =
        Inputs.text(machine, "machineType of its template")
            .orElseThrow(() -> new NotPriced("machineType of its template is missing"));
    Fleet fleet = fleet(in);
    Value accelerators = in.of(template).at("guestAccelerators");
    boolean spot = InstancePricer.isSpot(in.of(template).at("scheduling"));
    in.part(() -> fleet.bill(in, Machines.rate(in, type, accelerators, spot)));
    for (Value disk : in.of(template).at("disks").asList()) {
      in.part(() -> disk(in, fleet, disk));
    }
  }

  private static void disk(Inputs in, Fleet fleet, Value disk) {
    if (!Inputs.isAbsent(disk.entry("source"))) {
      return;
    }
    Value size = disk.entry("diskSizeGb");
    if (Inputs.isAbsent(size)) {
      throw new NotPriced("a disk of its template is as large as its image: set diskSizeGb");
    }
    double gb = Inputs.number(size, 0, "diskSizeGb of its template");
    String type =
        Inputs.text(disk.entry("diskType"), "diskType of its template").orElse("pd-standard");
    fleet.billDisk(in, "disk " + type, gb, InstancePricer.gbText(gb), Disks.price(in, type, false));
  }

  private static Fleet fleet(Inputs in) {
    Optional<Resource> autoscaler =
        in.bill().model().resources().stream()
            .filter(it -> AUTOSCALERS.contains(PulumiPricers.type(it)))
            .filter(it -> in.of(it).linked("target").contains(in.resource()))
            .findFirst();
    if (autoscaler.isEmpty()) {
      double size = in.number("targetSize", 0);
      return Fleet.always(size, "targetSize " + Text.of(size));
    }
    Inputs policy = in.of(autoscaler.get());
    double least = policy.number("autoscalingPolicy.minReplicas", 0);
    Value most = policy.at("autoscalingPolicy.maxReplicas");
    if (Inputs.isAbsent(most)) {
      throw new NotPriced("maxReplicas of its autoscaler is missing");
    }
    return Fleet.between(
        least,
        Inputs.number(most, 0, "maxReplicas of its autoscaler"),
        "minReplicas and maxReplicas of its autoscaler");
  }
}
