package dev.mlinfra.cost.internal.aws;

import dev.mlinfra.cost.LineItem;
import dev.mlinfra.cost.internal.Bill;
import dev.mlinfra.cost.internal.Pricer;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Application and network load balancers: by the hour, by load, and their public addresses. */
final class LoadBalancerPricer implements Pricer {
  private static final double KB_PER_GB = 1_000_000;

  /** What a kind is billed as: its hours and its load. */
  private record Kind(String hours, String units) {}

  private static final Map<String, Kind> KINDS =
      Map.of(
          "application",
          new Kind("application load balancer", "application load balancer LCU"),
          "network",
          new Kind("network load balancer", "network load balancer NLCU"));

  @Override
  public Set<String> types() {
    return Set.of("AWS::ElasticLoadBalancingV2::LoadBalancer");
  }

  @Override
  public void price(Bill bill) {
    String type = bill.property("Type").asText().orElse("application");
    Kind kind = KINDS.get(type);
    if (kind == null) {
      bill.notPriced("no source for load balancers of type " + type);
      return;
    }
    Aws.always(bill, "hours", "elb", kind.hours(), LineItem.HOURS_PER_MONTH, "730 h");
    Aws.used(
        bill,
        "load",
        "elb",
        kind.units(),
        Calls.of(bill)
            .times(Assumption.of("payload.kbPerCall"))
            .times(1, "unit-hour per GB")
            .per(KB_PER_GB));
    Optional<String> scheme = bill.property("Scheme").asText();
    int zones =
        Math.max(
            bill.property("Subnets").asList().size(),
            bill.property("SubnetMappings").asList().size());
    if (!scheme.equals(Optional.of("internal"))) {
      PublicAddress.always(bill, Math.max(1, zones), "subnets of a balancer on the internet");
    }
  }
}
