package dev.mlinfra.cost.internal.aws;

import dev.mlinfra.cost.internal.Bill;
import dev.mlinfra.cost.internal.Pricer;
import java.util.Set;

/** Elastic addresses. */
final class AddressPricer implements Pricer {
  @Override
  public Set<String> types() {
    return Set.of("AWS::EC2::EIP");
  }

  @Override
  public void price(Bill bill) {
    PublicAddress.always(bill, 1, "address");
  }
}
