package dev.mlinfra.cost.internal.aws;

import dev.mlinfra.cost.Charge;
import dev.mlinfra.cost.LineItem.Kind;
import dev.mlinfra.cost.internal.Bill;
import dev.mlinfra.cost.internal.Pricer;
import dev.mlinfra.template.Value;
import java.util.Optional;
import java.util.Set;

/**
 * Groups of CloudWatch Logs: what is written, once, and what is kept of it. Nothing bounds what can
 * be written.
 */
final class LogGroupPricer implements Pricer {
  private static final double KB_PER_GB = 1_000_000;
  private static final double DAYS_PER_MONTH = 730 / 24.0;

  @Override
  public Set<String> types() {
    return Set.of("AWS::Logs::LogGroup");
  }

  @Override
  public void price(Bill bill) {
    String logClass = bill.property("LogGroupClass").asText().orElse("STANDARD");
    Amount gb = Calls.of(bill).times(Assumption.of("logs.kbPerCall")).per(KB_PER_GB);
    switch (logClass) {
      case "STANDARD" ->
          Aws.used(bill, "ingestion", "cloudwatch", "logs ingestion (standard class)", gb);
      case "INFREQUENT_ACCESS" ->
          Aws.used(bill, "ingestion", "cloudwatch", "logs ingestion (infrequent access class)", gb);
      default -> bill.notPriced("no source for log groups of class " + logClass);
    }
    Amount kept = gb.times(months(bill), retention(bill)).times(Assumption.of("logs.compression"));
    Aws.priced(
        bill,
        "cloudwatch",
        "logs storage",
        price ->
            bill.line(
                "storage",
                Kind.STORED,
                new Charge(kept.count(), price, kept.why()),
                Optional.empty()));
  }

  private static double months(Bill bill) {
    return Numbers.of(bill.property("RetentionInDays"))
        .map(days -> days / DAYS_PER_MONTH)
        .orElse(Assumption.of("logs.monthsWithoutRetention").value());
  }

  private static String retention(Bill bill) {
    Value days = bill.property("RetentionInDays");
    return days.asText()
        .map(text -> "months, RetentionInDays " + text)
        .orElse("months, kept for ever: " + Assumption.of("logs.monthsWithoutRetention"));
  }
}
