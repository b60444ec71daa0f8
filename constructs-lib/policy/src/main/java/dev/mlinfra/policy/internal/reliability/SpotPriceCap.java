package dev.mlinfra.policy.internal.reliability;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.policy.internal.reliability.SpotPool.Setting;
import dev.mlinfra.template.Value;
import java.math.BigDecimal;

/** One pays the market price in any case; a cap below on demand only adds interruptions. */
final class SpotPriceCap implements Rule {
  private static final BigDecimal ON_DEMAND = BigDecimal.valueOf(100);

  @Override
  public String id() {
    return "mlinfra::reliability.spot-price-cap";
  }

  @Override
  public String requirement() {
    return "Spot instances have no highest price: it adds interruptions and saves nothing.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    for (SpotPool pool : SpotPools.of(inspection)) {
      if (pool.caps().isEmpty()) {
        outcomes.compliant(pool.resource(), "");
      }
      for (Setting cap : pool.caps()) {
        Can.say(
            outcomes,
            pool.judge(verdict(cap)),
            pool.resource(),
            cap.at(),
            cap.given(),
            "instances are taken away when the spot price rises above a cap",
            pool.resource().type().equals("AWS::AutoScaling::LaunchConfiguration")
                ? "use a launch template and a MixedInstancesPolicy instead of SpotPrice"
                : "take " + cap.at() + " out: the price on demand is the cap without it");
      }
    }
  }

  private static Verdict verdict(Setting cap) {
    return Decide.each(
        cap.given(),
        it -> {
          if (it.isMissing() || it.equals(new Value.Text(""))) {
            return Verdict.COMPLIANT;
          }
          if (it.isSymbolic()) {
            return Verdict.UNDECIDED;
          }
          boolean percentage = cap.at().endsWith("BidPercentage");
          return percentage
                  && it.asNumber().filter(number -> number.compareTo(ON_DEMAND) >= 0).isPresent()
              ? Verdict.COMPLIANT
              : Verdict.VIOLATED;
        });
  }
}
