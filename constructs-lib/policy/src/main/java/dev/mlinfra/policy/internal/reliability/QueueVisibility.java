package dev.mlinfra.policy.internal.reliability;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.policy.internal.reliability.QueueSources.Source;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.math.BigDecimal;
import java.util.Optional;

/**
 * A message that is visible again while the function still works on it, or waits to be tried again,
 * is worked on twice. Six times the timeout, and the window in which a batch is gathered, is what
 * AWS asks for.
 */
final class QueueVisibility implements Rule {
  private static final BigDecimal TIMES = BigDecimal.valueOf(6);

  // What AWS takes when nothing is said, in seconds.
  private static final BigDecimal VISIBILITY = BigDecimal.valueOf(30);
  private static final BigDecimal TIMEOUT = BigDecimal.valueOf(3);

  /** No function runs for longer. */
  private static final BigDecimal LONGEST_TIMEOUT = BigDecimal.valueOf(900);

  @Override
  public String id() {
    return "mlinfra::reliability.queue-visibility";
  }

  @Override
  public String requirement() {
    return "A queue keeps a message hidden for 6 times as long as the function that it feeds runs.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    for (Source source : QueueSources.of(inspection)) {
      Value given = inspection.property(source.queue(), "VisibilityTimeout");
      Optional<BigDecimal> timeout =
          source.function().flatMap(it -> seconds(it, "Timeout", TIMEOUT, inspection));
      Optional<BigDecimal> window =
          seconds(source.mapping(), "MaximumBatchingWindowInSeconds", BigDecimal.ZERO, inspection);
      BigDecimal most = LONGEST_TIMEOUT.multiply(TIMES).add(window.orElse(BigDecimal.valueOf(300)));
      Optional<BigDecimal> least =
          timeout.flatMap(it -> window.map(more -> it.multiply(TIMES).add(more)));
      Can.say(
          outcomes,
          Decide.each(given, it -> verdict(it, least, most)),
          source.queue(),
          "VisibilityTimeout",
          given,
          "a message can be seen again while the function that it feeds still works on it",
          "set VisibilityTimeout to "
              + least.map(it -> it.toPlainString() + " or more").orElse("6 times its Timeout"));
    }
  }

  private static Verdict verdict(Value given, Optional<BigDecimal> least, BigDecimal most) {
    Optional<BigDecimal> seconds = given.isMissing() ? Optional.of(VISIBILITY) : given.asNumber();
    if (seconds.isEmpty()) {
      return given.isSymbolic() ? Verdict.UNDECIDED : Verdict.VIOLATED;
    }
    if (least.isEmpty()) {
      return seconds.get().compareTo(most) >= 0 ? Verdict.COMPLIANT : Verdict.UNDECIDED;
    }
    return seconds.get().compareTo(least.get()) >= 0 ? Verdict.COMPLIANT : Verdict.VIOLATED;
  }

  private static Optional<BigDecimal> seconds(
      Resource resource, String property, BigDecimal otherwise, Inspection inspection) {
    Value given = inspection.property(resource, property);
    return given.isMissing() ? Optional.of(otherwise) : given.asNumber();
  }
}
