package dev.mlinfra.cost.internal.aws;

import dev.mlinfra.cost.LineItem.Kind;
import dev.mlinfra.cost.internal.Bill;
import dev.mlinfra.cost.internal.Pricer;
import dev.mlinfra.template.Value;
import java.util.List;
import java.util.Set;

/**
 * Filters that make metrics of logs: each metric is billed, one for each value of its dimensions.
 */
final class MetricFilterPricer implements Pricer {
  private static final String METRIC = "custom metric first 10000";

  @Override
  public Set<String> types() {
    return Set.of("AWS::Logs::MetricFilter");
  }

  @Override
  public void price(Bill bill) {
    List<Value> metrics = bill.property("MetricTransformations").asList();
    Amount one = Amount.of(Math.max(1, metrics.size()), "MetricTransformations");
    if (metrics.stream().allMatch(metric -> metric.entry("Dimensions").isMissing())) {
      Aws.bounded(bill, "metrics", Kind.RUNNING, "cloudwatch", METRIC, one, one);
    } else {
      Aws.unbounded(
          bill,
          "metrics",
          Kind.RUNNING,
          "cloudwatch",
          METRIC,
          new Amount(one.count(), one.why() + ", counted once for all values of dimensions"));
    }
  }
}
