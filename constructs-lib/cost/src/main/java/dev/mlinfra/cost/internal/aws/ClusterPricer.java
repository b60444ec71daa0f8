package dev.mlinfra.cost.internal.aws;

import static dev.mlinfra.cost.LineItem.HOURS_PER_MONTH;

import dev.mlinfra.cost.Charge;
import dev.mlinfra.cost.LineItem.Kind;
import dev.mlinfra.cost.Price;
import dev.mlinfra.cost.internal.Bill;
import dev.mlinfra.cost.internal.Pricer;
import java.util.Optional;
import java.util.Set;

/**
 * Clusters of EKS. One that may stay on a version after its standard support costs more from then
 * on, which is the worst case.
 */
final class ClusterPricer implements Pricer {
  @Override
  public Set<String> types() {
    return Set.of("AWS::EKS::Cluster");
  }

  @Override
  public void price(Bill bill) {
    boolean ends =
        bill.property("UpgradePolicy.SupportType").asText().filter("STANDARD"::equals).isPresent();
    Optional<Price> extended =
        ends ? Optional.empty() : bill.awsPrice("eks", "cluster extended support (total)");
    Aws.priced(
        bill,
        "eks",
        "cluster standard support",
        price ->
            bill.line(
                "control plane",
                Kind.RUNNING,
                new Charge(HOURS_PER_MONTH, price, "730 h"),
                Optional.of(
                    extended
                        .map(
                            dear ->
                                new Charge(
                                    HOURS_PER_MONTH,
                                    dear,
                                    "730 h on a version past its standard support"))
                        .orElse(new Charge(HOURS_PER_MONTH, price, "730 h")))));
    if (bill.property("ComputeConfig.Enabled").asBoolean().orElse(false)) {
      bill.notPriced("Auto Mode starts nodes for pods, which are not in the template");
    }
  }
}
