package dev.mlinfra.cost.internal.aws;

import dev.mlinfra.cost.internal.Bill;
import dev.mlinfra.cost.internal.Pricer;
import java.util.Set;

/** Volumes of EBS that stand on their own. */
final class VolumePricer implements Pricer {
  @Override
  public Set<String> types() {
    return Set.of("AWS::EC2::Volume");
  }

  @Override
  public void price(Bill bill) {
    Amount one = new Amount(1, "");
    Disk.ofVolume(bill.model().properties(bill.resource())).price(bill, one, one);
  }
}
