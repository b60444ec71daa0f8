package dev.mlinfra.cost.internal.aws;

import dev.mlinfra.cost.internal.Bill;
import dev.mlinfra.cost.internal.Pricer;
import java.util.Set;

/** Topics of SNS: they mostly tell people what went wrong. */
final class TopicPricer implements Pricer {
  @Override
  public Set<String> types() {
    return Set.of("AWS::SNS::Topic");
  }

  @Override
  public void price(Bill bill) {
    Amount messages = Amount.of(Assumption.of("sns.messagesPerMonth"));
    Aws.used(
        bill, "requests", "sns", "standard API requests after 1M free", messages.per(1_000_000));
    Aws.used(bill, "e-mails", "sns", "email notifications after 1k free", messages.per(100_000));
  }
}
