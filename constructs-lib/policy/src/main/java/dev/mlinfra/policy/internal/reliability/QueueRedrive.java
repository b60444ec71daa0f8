package dev.mlinfra.policy.internal.reliability;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.policy.internal.reliability.QueueSources.Source;
import dev.mlinfra.template.Value;

/**
 * A message that no function can work on comes back until it expires, and is paid for each time.
 */
final class QueueRedrive implements Rule {
  @Override
  public String id() {
    return "mlinfra::reliability.queue-redrive";
  }

  @Override
  public String requirement() {
    return "A queue that feeds a function puts what always fails into a dead-letter queue.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    for (Source source : QueueSources.of(inspection)) {
      Value policy = inspection.property(source.queue(), "RedrivePolicy");
      Can.say(
          outcomes,
          deadLetters(policy),
          source.queue(),
          "RedrivePolicy",
          policy,
          "a message that always fails comes back until it expires",
          "set RedrivePolicy to a dead-letter queue and a maxReceiveCount of 5 or so");
    }
  }

  /** The policy is an object, or JSON in a text. */
  private static Verdict deadLetters(Value policy) {
    return Decide.each(
        policy,
        it -> {
          if (it.toJson().contains("deadLetterTargetArn")) {
            return Verdict.COMPLIANT;
          }
          return it.isSymbolic() ? Verdict.UNDECIDED : Verdict.VIOLATED;
        });
  }
}
