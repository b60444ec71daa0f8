package dev.mlinfra.cost.internal.aws;

import static dev.mlinfra.cost.LineItem.HOURS_PER_MONTH;

import dev.mlinfra.cost.internal.Bill;
import dev.mlinfra.cost.internal.Pricer;
import dev.mlinfra.template.Value;
import java.util.List;
import java.util.Set;

/** Single instances of EC2: they run all the time, unless somebody stops them. */
final class InstancePricer implements Pricer {
  private static final Amount MONTH = Amount.of(HOURS_PER_MONTH, "h");

  @Override
  public Set<String> types() {
    return Set.of("AWS::EC2::Instance");
  }

  @Override
  public void price(Bill bill) {
    Value template = LaunchTemplates.data(bill, bill.property("LaunchTemplate"));
    String tenancy = own(bill, template, "Tenancy").asText().orElse("default");
    if (!tenancy.equals("default")) {
      bill.notPriced("no source for instances of tenancy " + tenancy);
    } else {
      machine(bill, own(bill, template, "InstanceType"), LaunchTemplates.market(template));
    }
    Amount one = new Amount(1, "");
    Disk.ofMappings(own(bill, template, "BlockDeviceMappings"), Assumption.of("ec2.rootVolumeGb"))
        .forEach(disk -> disk.price(bill, one, one));
    if (hasPublicAddress(own(bill, template, "NetworkInterfaces"))) {
      PublicAddress.always(bill, 1, "the instance's own");
    }
    if (own(bill, template, "Monitoring").asBoolean().orElse(false)) {
      Assumption metrics = Assumption.of("ec2.detailedMetrics");
      Aws.always(
          bill,
          "detailed monitoring",
          "cloudwatch",
          "custom metric first 10000",
          metrics.value(),
          metrics.toString());
    }
  }

  private static void machine(Bill bill, Value type, Market market) {
    if (type.isMissing()) {
      bill.notPriced("the instance type is not in the template");
      return;
    }
    Machine.Choice choice = Machine.of(bill, List.of(type));
    if (choice.report(bill)) {
      Machines.line(bill, choice.machines(), market, machine -> MONTH, machine -> MONTH);
    }
  }

  /** What the instance says, or its launch template. */
  private static Value own(Bill bill, Value template, String property) {
    Value own = bill.property(property);
    return own.isMissing() ? template.at(property) : own;
  }

  private static boolean hasPublicAddress(Value interfaces) {
    return interfaces.asList().stream()
        .anyMatch(it -> it.entry("AssociatePublicIpAddress").asBoolean().orElse(false));
  }
}
