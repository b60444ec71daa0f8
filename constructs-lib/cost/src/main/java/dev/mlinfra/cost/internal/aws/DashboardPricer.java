package dev.mlinfra.cost.internal.aws;

import dev.mlinfra.cost.internal.Bill;
import dev.mlinfra.cost.internal.Pricer;
import java.util.Set;

/** Dashboards of CloudWatch. */
final class DashboardPricer implements Pricer {
  @Override
  public Set<String> types() {
    return Set.of("AWS::CloudWatch::Dashboard");
  }

  @Override
  public void price(Bill bill) {
    Aws.always(bill, "dashboard", "cloudwatch", "dashboard", 1, "1 dashboard");
  }
}
