package dev.mlinfra.cost.internal.aws;

import dev.mlinfra.cost.internal.Bill;
import dev.mlinfra.cost.internal.Pricer;
import dev.mlinfra.template.Value;
import java.util.List;
import java.util.Set;

/** Node groups of EKS; see {@link Nodes}. */
final class NodegroupPricer implements Pricer {
  private static final Value DEFAULT_TYPE = new Value.Text("t3.medium");

  @Override
  public Set<String> types() {
    return Set.of("AWS::EKS::Nodegroup");
  }

  @Override
  public void price(Bill bill) {
    Value data = LaunchTemplates.data(bill, bill.property("LaunchTemplate"));
    Nodes nodes =
        Nodes.of(
            bill, "ScalingConfig.MinSize", "ScalingConfig.DesiredSize", "ScalingConfig.MaxSize");
    Market market =
        Market.of(bill.property("CapacityType").asText().filter("SPOT"::equals).isPresent());
    nodes.price(bill, machineTypes(bill, data), market);
    nodes.price(bill, disks(bill, data));
  }

  private static List<Value> machineTypes(Bill bill, Value data) {
    Value own = bill.property("InstanceTypes");
    if (!own.isMissing()) {
      return own.oneOrMany();
    }
    Value type = data.at("InstanceType");
    return List.of(type.isMissing() ? DEFAULT_TYPE : type);
  }

  private static List<Disk> disks(Bill bill, Value data) {
    Assumption usual = Assumption.of("eks.nodeVolumeGb");
    return Numbers.of(bill.property("DiskSize"))
        .map(gb -> List.of(Disk.ofImage(gb, "DiskSize")))
        .orElseGet(() -> Disk.ofMappings(data.at("BlockDeviceMappings"), usual));
  }
}
