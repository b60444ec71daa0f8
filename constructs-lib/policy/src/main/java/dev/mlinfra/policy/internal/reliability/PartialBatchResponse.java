package dev.mlinfra.policy.internal.reliability;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.policy.internal.reliability.QueueSources.Source;
import dev.mlinfra.template.Value;
import java.math.BigDecimal;
import java.util.List;

/** Unless a function says which messages failed, one bad message brings back its whole batch. */
final class PartialBatchResponse implements Rule {
  private static final String REPORT = "ReportBatchItemFailures";

  @Override
  public String id() {
    return "mlinfra::reliability.partial-batch-response";
  }

  @Override
  public String requirement() {
    return "A function that takes several messages of a queue at once says which of them failed.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    for (Source source : QueueSources.of(inspection)) {
      Value size = inspection.property(source.mapping(), "BatchSize");
      if (Can.beNumber(size, it -> it.compareTo(BigDecimal.ONE) <= 0) != Verdict.COMPLIANT) {
        Value types = inspection.property(source.mapping(), "FunctionResponseTypes");
        Can.say(
            outcomes,
            Decide.each(types, PartialBatchResponse::reports),
            source.mapping(),
            "FunctionResponseTypes",
            types,
            "one message that fails brings back the whole batch",
            "set FunctionResponseTypes to [" + REPORT + "], and let the function name what failed");
      }
    }
  }

  private static Verdict reports(Value types) {
    Verdict best = Verdict.VIOLATED;
    for (Value type : types.oneOrMany()) {
      Verdict one = Decide.oneOf(type, REPORT);
      best = Decide.best(List.of(best, one));
    }
    return best;
  }
}
