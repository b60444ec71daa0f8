package dev.mlinfra.policy.internal.money;

import dev.mlinfra.core.Pattern;
import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Property;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;

/**
 * Nothing waits for work in the batch pattern: the least that is kept running is none.
 *
 * <p>Of groups of instances only those with accelerators are meant; others also run NAT, gateways
 * and the like. How many Batch wants at the beginning does not count: it scales that down itself.
 */
final class IdleCapacity implements Rule {
  private static final String PROBLEM = "is kept running, and billed, when there is no work";

  @Override
  public String id() {
    return "mlinfra::money.idle-capacity";
  }

  @Override
  public String requirement() {
    return "In the batch pattern Batch, accelerated instances and functions scale to zero.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    for (Resource each : inspection.resources("AWS::Batch::ComputeEnvironment")) {
      for (Property least : Property.of(inspection.properties(each), "ComputeResources.MinvCpus")) {
        boolean none = least.value().isMissing();
        say(
            none ? Verdict.COMPLIANT : isZero(least.value()),
            each,
            least.at(),
            least.value(),
            inspection,
            outcomes);
      }
    }
    for (Resource each : inspection.resources("AWS::AutoScaling::AutoScalingGroup")) {
      group(
          InstanceTypes.ofAutoScalingGroup(each, inspection),
          each,
          "MinSize",
          inspection,
          outcomes);
    }
    for (Resource each : inspection.resources("AWS::EKS::Nodegroup")) {
      group(
          InstanceTypes.ofNodegroup(each, inspection),
          each,
          "ScalingConfig.MinSize",
          inspection,
          outcomes);
    }
    for (Resource each : inspection.resources("AWS::Lambda::Alias", "AWS::Lambda::Version")) {
      for (Property kept :
          Property.of(
              inspection.properties(each),
              "ProvisionedConcurrencyConfig.ProvisionedConcurrentExecutions")) {
        say(isZero(kept.value()), each, kept.at(), kept.value(), inspection, outcomes);
      }
    }
  }

  private static void group(
      Verdict accelerated, Resource group, String path, Inspection inspection, Outcomes.Of out) {
    if (accelerated == Verdict.VIOLATED) {
      return;
    }
    Value least = inspection.property(group, path);
    // Without a number the service chooses one.
    Verdict zero = least.isMissing() ? Verdict.UNDECIDED : isZero(least);
    boolean doubtful = zero == Verdict.VIOLATED && accelerated == Verdict.UNDECIDED;
    say(doubtful ? Verdict.UNDECIDED : zero, group, path, least, inspection, out);
  }

  private static Verdict isZero(Value value) {
    return Decide.number(value, number -> number.signum() == 0);
  }

  private static void say(
      Verdict verdict,
      Resource resource,
      String at,
      Value given,
      Inspection inspection,
      Outcomes.Of outcomes) {
    if (inspection.pattern(resource) == Pattern.BATCH) {
      outcomes.decided(verdict, resource, at, given, PROBLEM, "set " + at + " to 0");
    }
  }
}
