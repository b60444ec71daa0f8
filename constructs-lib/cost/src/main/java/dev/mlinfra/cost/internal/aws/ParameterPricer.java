package dev.mlinfra.cost.internal.aws;

import dev.mlinfra.cost.LineItem.Kind;
import dev.mlinfra.cost.internal.Bill;
import dev.mlinfra.cost.internal.Pricer;
import java.util.Set;

/** Parameters of Systems Manager: those of the standard tier cost nothing. */
final class ParameterPricer implements Pricer {
  @Override
  public Set<String> types() {
    return Set.of("AWS::SSM::Parameter");
  }

  @Override
  public void price(Bill bill) {
    String tier = bill.property("Tier").asText().orElse("Standard");
    if (tier.equals("Standard")) {
      bill.free("a parameter of the standard tier costs nothing");
      return;
    }
    Amount expected =
        Amount.of(tier.equals("Advanced") ? 1 : 0, "parameters of the advanced tier, Tier " + tier);
    Amount most = Amount.of(1, "parameter of the advanced tier");
    Aws.bounded(
        bill, "parameter", Kind.STORED, "ssm", "advanced parameter storage", expected, most);
    Aws.used(
        bill,
        "reads",
        "ssm",
        "advanced parameter API interactions",
        Calls.of(bill).times(expected.count(), "since Tier is " + tier).per(10_000));
  }
}
