package dev.mlinfra.cost.internal.aws;

import dev.mlinfra.cost.internal.Bill;
import dev.mlinfra.cost.internal.Pricer;
import dev.mlinfra.template.Value;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Auto Scaling groups; see {@link Nodes}. */
final class GroupPricer implements Pricer {
  private static final String MIXED = "MixedInstancesPolicy";
  private static final String DISTRIBUTION = MIXED + ".InstancesDistribution";

  @Override
  public Set<String> types() {
    return Set.of("AWS::AutoScaling::AutoScalingGroup");
  }

  @Override
  public void price(Bill bill) {
    Value data = data(bill);
    Nodes nodes = Nodes.of(bill, "MinSize", "DesiredCapacity", "MaxSize");
    List<Value> overrides = bill.property(MIXED + ".LaunchTemplate.Overrides").asList();
    if (overrides.stream().anyMatch(it -> !it.entry("InstanceRequirements").isMissing())
        || !data.at("InstanceRequirements").isMissing()) {
      bill.notPriced(Nodes.BY_ATTRIBUTES);
    } else {
      machines(bill, data, overrides, nodes);
    }
    nodes.price(
        bill, Disk.ofMappings(data.at("BlockDeviceMappings"), Assumption.of("ec2.rootVolumeGb")));
  }

  private static void machines(Bill bill, Value data, List<Value> overrides, Nodes nodes) {
    List<Value> types =
        overrides.stream()
            .map(override -> override.entry("InstanceType"))
            .filter(type -> !type.isMissing())
            .toList();
    if (types.isEmpty()) {
      types = List.of(data.at("InstanceType"));
    }
    if (bill.property(DISTRIBUTION).isMissing()) {
      nodes.price(bill, types, LaunchTemplates.market(data));
      return;
    }
    double onDemand = onDemandShare(bill);
    if (onDemand > 0) {
      nodes.part(onDemand).price(bill, types, Market.ON_DEMAND);
    }
    if (onDemand < 1) {
      nodes.part(1 - onDemand).price(bill, types, spot(bill));
    }
  }

  /** What the group's template or configuration says of its instances. */
  private static Value data(Bill bill) {
    for (String path :
        List.of("LaunchTemplate", MIXED + ".LaunchTemplate.LaunchTemplateSpecification")) {
      Value data = LaunchTemplates.data(bill, bill.property(path));
      if (!data.isMissing()) {
        return data;
      }
    }
    return LaunchTemplates.configuration(bill, bill.property("LaunchConfigurationName"));
  }

  private static Market spot(Bill bill) {
    return new Market(
        true, Optional.empty(), Numbers.of(bill.property(DISTRIBUTION + ".SpotMaxPrice")));
  }

  /** The share that runs on demand; a base of such instances counts as all, which is the dearer. */
  private static double onDemandShare(Bill bill) {
    double base = Numbers.of(bill, DISTRIBUTION + ".OnDemandBaseCapacity", 0).orElse(1.0);
    double percent =
        Numbers.of(bill, DISTRIBUTION + ".OnDemandPercentageAboveBaseCapacity", 100).orElse(100.0);
    return base > 0 ? 1 : percent / 100;
  }
}
