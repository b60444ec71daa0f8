package dev.mlinfra.policy.internal.money;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What adds machines by itself has a most. Services of AWS do not go without one; a pool of
 * Karpenter adds nodes for as long as pods are waiting, unless it has limits.
 */
final class UnboundedCapacity implements Rule {
  private static final String PATH = "spec.limits";
  private static final Pattern POOL = Pattern.compile("kubernetes:karpenter\\.sh/[^:]+:NodePool");

  @Override
  public String id() {
    return "mlinfra::money.unbounded-capacity";
  }

  @Override
  public String requirement() {
    return "A node pool of Karpenter has limits for processors, memory, nodes or accelerators.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    for (Resource resource : inspection.resources()) {
      if (POOL.matcher(resource.type()).matches()) {
        Value limits = inspection.property(resource, PATH);
        outcomes.decided(
            Decide.each(limits, UnboundedCapacity::bounds),
            resource,
            PATH,
            limits,
            "adds nodes for as long as pods are waiting",
            "set spec.limits, such as cpu or nvidia.com/gpu");
      }
    }
  }

  private static Verdict bounds(Value limits) {
    if (limits.isSymbolic()) {
      return Verdict.UNDECIDED;
    }
    List<Verdict> found =
        Stream.of("cpu", "memory", "nodes", "nvidia.com/gpu", "aws.amazon.com/neuron")
            .map(name -> Decide.present(limits.entry(name)))
            .toList();
    return Decide.best(found);
  }
}
