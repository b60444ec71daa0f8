package dev.mlinfra.cost.internal.aws;

import dev.mlinfra.cost.internal.Bill;
import dev.mlinfra.cost.internal.Pricer;
import dev.mlinfra.template.Resource;
import java.util.Map;
import java.util.Set;

/**
 * Queues of SQS, by their requests: those of messages, and those of Lambda, which asks a queue all
 * the time whether there is one. A queue for what failed has few messages.
 */
final class QueuePricer implements Pricer {
  private static final String MAPPING = "AWS::Lambda::EventSourceMapping";
  private static final double SECONDS_PER_MONTH = 730 * 3600;

  /** Where resources say to which queue they send what failed. */
  private static final Map<String, String> FAILURES =
      Map.of(
          "AWS::Lambda::EventInvokeConfig",
          "DestinationConfig.OnFailure.Destination",
          "AWS::Lambda::Function",
          "DeadLetterConfig.TargetArn",
          "AWS::SQS::Queue",
          "RedrivePolicy.deadLetterTargetArn",
          "AWS::SNS::Subscription",
          "RedrivePolicy.deadLetterTargetArn",
          "AWS::Events::Rule",
          "Targets[0].DeadLetterConfig.Arn",
          "AWS::Scheduler::Schedule",
          "Target.DeadLetterConfig.Arn",
          MAPPING,
          "DestinationConfig.OnFailure.Destination");

  @Override
  public Set<String> types() {
    return Set.of("AWS::SQS::Queue");
  }

  @Override
  public void price(Bill bill) {
    boolean fifo = bill.property("FifoQueue").asBoolean().orElse(false);
    String item = fifo ? "FIFO queue" : "standard queue";
    Amount messages =
        takesFailures(bill)
            ? Calls.of(bill).times(Assumption.of("failures.share"))
            : Calls.of(bill);
    Aws.used(
        bill,
        "requests",
        "sqs",
        item,
        messages.times(Assumption.of("sqs.requestsPerMessage")).per(1_000_000));
    if (Siblings.of(bill, MAPPING).stream().anyMatch(it -> names(bill, it, "EventSourceArn"))) {
      Assumption wait = Assumption.of("sqs.secondsPerPoll");
      Aws.used(
          bill,
          "polling by Lambda",
          "sqs",
          item,
          Amount.of(Assumption.of("sqs.pollers"))
              .times(SECONDS_PER_MONTH / wait.value(), "polls, one each " + wait + ",")
              .per(1_000_000));
    }
  }

  private static boolean takesFailures(Bill bill) {
    return FAILURES.entrySet().stream()
        .anyMatch(
            entry ->
                Siblings.of(bill, entry.getKey()).stream()
                    .anyMatch(it -> names(bill, it, entry.getValue())));
  }

  private static boolean names(Bill bill, Resource from, String path) {
    return Siblings.names(bill, bill.model().property(from, path), bill.resource());
  }
}
