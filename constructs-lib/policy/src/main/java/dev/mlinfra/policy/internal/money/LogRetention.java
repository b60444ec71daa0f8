package dev.mlinfra.policy.internal.money;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;

/** Logs are kept for a time, not for ever. */
final class LogRetention implements Rule {
  private static final String PATH = "RetentionInDays";

  @Override
  public String id() {
    return "mlinfra::money.log-retention";
  }

  @Override
  public String requirement() {
    return "A log group says for how many days it keeps logs.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    for (Resource group : inspection.resources("AWS::Logs::LogGroup")) {
      // The service empties a group of this class after two days.
      if (Decide.oneOf(inspection.property(group, "LogGroupClass"), "DELIVERY")
          == Verdict.COMPLIANT) {
        continue;
      }
      Value days = inspection.property(group, PATH);
      outcomes.decided(
          Decide.present(days), group, PATH, days, "keeps logs for ever", "set RetentionInDays");
    }
  }
}
