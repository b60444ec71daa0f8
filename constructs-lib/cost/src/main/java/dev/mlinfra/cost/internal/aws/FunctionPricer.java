package dev.mlinfra.cost.internal.aws;

import dev.mlinfra.cost.Charge;
import dev.mlinfra.cost.LineItem;
import dev.mlinfra.cost.LineItem.Kind;
import dev.mlinfra.cost.internal.Bill;
import dev.mlinfra.cost.internal.Pricer;
import dev.mlinfra.template.Value;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Functions of Lambda: requests, and memory by the time that it is used. Only a reserved
 * concurrency bounds what a month can cost.
 */
final class FunctionPricer implements Pricer {
  /** Of a function that says nothing of its memory, and the least that there is. */
  private static final double LEAST_MEMORY_MB = 128;

  private static final double DEFAULT_TIMEOUT_SECONDS = 3;
  private static final double FREE_STORAGE_MB = 512;
  private static final double SECONDS_PER_HOUR = 3600;

  /** Lambda takes at most ten requests a second for each unit of concurrency. */
  private static final int REQUESTS_PER_SECOND = 10;

  @Override
  public Set<String> types() {
    return Set.of("AWS::Lambda::Function", "AWS::Serverless::Function");
  }

  @Override
  public void price(Bill bill) {
    double gb = Numbers.of(bill, "MemorySize", LEAST_MEMORY_MB).orElse(LEAST_MEMORY_MB) / 1024;
    double timeout =
        Numbers.of(bill, "Timeout", DEFAULT_TIMEOUT_SECONDS).orElse(DEFAULT_TIMEOUT_SECONDS);
    Amount calls = Calls.of(bill);
    Optional<Double> reserved = Numbers.of(bill.property("ReservedConcurrentExecutions"));

    requests(bill, calls, reserved);
    duration(bill, calls, gb, timeout, reserved);
    storage(bill, calls, timeout, reserved);
    ProvisionedConcurrency.price(bill, gb, item(bill));
    job(bill, gb, timeout);
  }

  private static void requests(Bill bill, Amount calls, Optional<Double> reserved) {
    if (reserved.isEmpty()) {
      Aws.used(bill, "requests", "lambda", "requests", calls.per(1_000_000));
      return;
    }
    Amount most =
        monthOf(reserved.get()).times(REQUESTS_PER_SECOND, "requests per second").per(1_000_000);
    Aws.bounded(bill, "requests", Kind.USED, "lambda", "requests", calls.per(1_000_000), most);
  }

  private static void duration(
      Bill bill, Amount calls, double gb, double timeout, Optional<Double> reserved) {
    Amount expected = seconds(calls, timeout).times(gb, memory(bill));
    if (reserved.isEmpty()) {
      Aws.unbounded(bill, "duration", Kind.RUNNING, "lambda", item(bill), expected);
    } else {
      Amount most = monthOf(reserved.get()).times(gb, memory(bill));
      Aws.bounded(bill, "duration", Kind.RUNNING, "lambda", item(bill), expected, most);
    }
  }

  private static void storage(Bill bill, Amount calls, double timeout, Optional<Double> reserved) {
    double gb =
        (Numbers.of(bill, "EphemeralStorage.Size", FREE_STORAGE_MB).orElse(FREE_STORAGE_MB)
                - FREE_STORAGE_MB)
            / 1024;
    if (gb > 0) {
      String item = "ephemeral storage above 512 MB";
      String name = "GB of ephemeral storage above 512 MB";
      Amount expected = seconds(calls, timeout).times(gb, name);
      if (reserved.isEmpty()) {
        Aws.unbounded(bill, "ephemeral storage", Kind.RUNNING, "lambda", item, expected);
      } else {
        Amount most = monthOf(reserved.get()).times(gb, name);
        Aws.bounded(bill, "ephemeral storage", Kind.RUNNING, "lambda", item, expected, most);
      }
    }
  }

  private static Amount seconds(Amount calls, double timeout) {
    Assumption seconds = Assumption.of("lambda.secondsPerCall");
    return seconds.value() <= timeout
        ? calls.times(seconds)
        : calls.times(timeout, "s, its timeout");
  }

  private static Amount monthOf(double reserved) {
    return Amount.of(reserved, "ReservedConcurrentExecutions")
        .times(LineItem.HOURS_PER_MONTH, "h")
        .times(SECONDS_PER_HOUR, "s");
  }

  private static String memory(Bill bill) {
    Value size = bill.property("MemorySize");
    return size.isSymbolic()
        ? "GB, the least: its memory is only known at deployment"
        : "GB of memory";
  }

  private static String item(Bill bill) {
    boolean arm = bill.property("Architectures").item(0).asText().equals(Optional.of("arm64"));
    return arm ? "duration ARM first 7.5B GB-s" : "duration x86 first 6B GB-s";
  }

  private static void job(Bill bill, double gb, double timeout) {
    double gbSecondsPerHour = gb * SECONDS_PER_HOUR;
    bill.job(
        FunctionAttempts.of(bill),
        bill.property("Timeout").isSymbolic()
            ? Optional.empty()
            : Optional.of(Duration.ofMillis(Math.round(timeout * 1000))),
        bill.awsPrice("lambda", item(bill))
            .map(
                price ->
                    new Charge(
                        gbSecondsPerHour,
                        price,
                        "%s %s x 3600 s".formatted(Numbers.text(gb), memory(bill)))),
        Numbers.whole(bill.property("ReservedConcurrentExecutions")));
  }
}
