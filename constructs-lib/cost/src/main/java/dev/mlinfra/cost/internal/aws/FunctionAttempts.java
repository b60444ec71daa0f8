package dev.mlinfra.cost.internal.aws;

import dev.mlinfra.cost.internal.Bill;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How often Lambda runs a function for one call at most: an asynchronous call is retried, and so is
 * what a queue or a stream delivers.
 */
final class FunctionAttempts {
  /** Lambda's own, where no configuration says otherwise. */
  private static final int DEFAULT_RETRIES = 2;

  private FunctionAttempts() {}

  static OptionalInt of(Bill bill) {
    OptionalInt most = OptionalInt.of(1 + DEFAULT_RETRIES);
    Optional<Resource> configured =
        Siblings.of(bill, "AWS::Lambda::EventInvokeConfig").stream()
            .filter(config -> isOf(bill, config))
            .findFirst();
    if (configured.isPresent()) {
      most = calls(bill.model().property(configured.get(), "MaximumRetryAttempts"));
    } else if (!bill.property("EventInvokeConfig").isMissing()) {
      most = calls(bill.property("EventInvokeConfig.MaximumRetryAttempts"));
    }
    for (Resource mapping : Siblings.of(bill, "AWS::Lambda::EventSourceMapping")) {
      if (isOf(bill, mapping)) {
        most = larger(most, deliveries(bill, mapping));
      }
    }
    return most;
  }

  private static OptionalInt calls(Value retries) {
    return retries.isMissing() ? OptionalInt.of(1 + DEFAULT_RETRIES) : whole(retries, 1);
  }

  /** Names the function itself, or an alias or version of it. */
  private static boolean isOf(Bill bill, Resource config) {
    Value name = bill.model().property(config, "FunctionName");
    return Siblings.names(bill, name, bill.resource())
        || Siblings.named(bill, name, "AWS::Lambda::Alias", "AWS::Lambda::Version")
            .filter(
                alias ->
                    Siblings.names(
                        bill, bill.model().property(alias, "FunctionName"), bill.resource()))
            .isPresent();
  }

  /** A queue says after how many receipts it gives up, a stream's mapping how often it retries. */
  private static OptionalInt deliveries(Bill bill, Resource mapping) {
    Value source = bill.model().property(mapping, "EventSourceArn");
    Optional<Resource> queue = Siblings.named(bill, source, "AWS::SQS::Queue");
    if (queue.isPresent()) {
      return whole(bill.model().property(queue.get(), "RedrivePolicy.maxReceiveCount"), 0);
    }
    OptionalInt retries = whole(bill.model().property(mapping, "MaximumRetryAttempts"), 1);
    return retries.isPresent() && retries.getAsInt() > 0 ? retries : OptionalInt.empty();
  }

  private static OptionalInt whole(Value value, int more) {
    OptionalInt number = Numbers.whole(value);
    return number.isPresent() ? OptionalInt.of(number.getAsInt() + more) : number;
  }

  private static OptionalInt larger(OptionalInt one, OptionalInt other) {
    return one.isEmpty() || other.isEmpty()
        ? OptionalInt.empty()
        : OptionalInt.of(Math.max(one.getAsInt(), other.getAsInt()));
  }
}
