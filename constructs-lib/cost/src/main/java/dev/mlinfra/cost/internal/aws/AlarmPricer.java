package dev.mlinfra.cost.internal.aws;

import dev.mlinfra.cost.internal.Bill;
import dev.mlinfra.cost.internal.Pricer;
import dev.mlinfra.template.Value;
import java.util.Set;

/** Alarms of CloudWatch, by the metrics that they look at and how often they look. */
final class AlarmPricer implements Pricer {
  private static final String COMPOSITE = "AWS::CloudWatch::CompositeAlarm";
  private static final double STANDARD_PERIOD_SECONDS = 60;

  @Override
  public Set<String> types() {
    return Set.of("AWS::CloudWatch::Alarm", COMPOSITE);
  }

  @Override
  public void price(Bill bill) {
    if (bill.resource().type().equals(COMPOSITE)) {
      Aws.always(bill, "alarm", "cloudwatch", "composite alarm", 1, "1 alarm");
      return;
    }
    long metrics =
        bill.property("Metrics").asList().stream()
            .filter(metric -> !metric.entry("MetricStat").isMissing())
            .count();
    int looked = (int) Math.max(1, metrics);
    Aws.always(
        bill,
        "alarm",
        "cloudwatch",
        isHighResolution(bill) ? "alarm high resolution" : "alarm standard resolution",
        looked,
        looked + " metrics of the alarm");
  }

  private static boolean isHighResolution(Bill bill) {
    return isShort(bill.property("Period"))
        || bill.property("Metrics").asList().stream()
            .anyMatch(metric -> isShort(metric.at("MetricStat.Period")));
  }

  private static boolean isShort(Value period) {
    return period.asNumber().filter(it -> it.doubleValue() < STANDARD_PERIOD_SECONDS).isPresent();
  }
}
