package dev.mlinfra.policy.internal.reliability;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.template.Value;
import java.util.List;

/** Without a taint any pod takes the room of a node that has an accelerator, and keeps it up. */
final class GpuNodeTaint implements Rule {
  @Override
  public String id() {
    return "mlinfra::reliability.gpu-node-taint";
  }

  @Override
  public String requirement() {
    return "Nodes with an accelerator have a taint that keeps away pods that do not ask for it.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    for (GpuNodes group : GpuNodes.of(inspection)) {
      Value taints = inspection.property(group.nodes(), "Taints");
      Verdict kept =
          Decide.best(
              List.of(
                  Decide.each(taints, GpuNodeTaint::keepsAway),
                  group.startsWith("egister-with-taints"),
                  group.startsWith("egisterWithTaints")));
      Can.say(
          outcomes,
          group.judge(kept),
          group.nodes(),
          "Taints",
          taints,
          "pods that need no accelerator run on these nodes",
          "add {Key: nvidia.com/gpu, Value: present, Effect: NO_SCHEDULE} to Taints (for Neuron:"
              + " aws.amazon.com/neuron)");
    }
  }

  private static Verdict keepsAway(Value taints) {
    if (taints.isSymbolic()) {
      return Verdict.UNDECIDED;
    }
    Verdict best = Verdict.VIOLATED;
    for (Value taint : taints.asList()) {
      Verdict one = Decide.oneOf(taint.entry("Effect"), "NO_SCHEDULE", "NO_EXECUTE");
      best = Decide.best(List.of(best, one));
    }
    return best;
  }
}
