package dev.mlinfra.policy.internal.kubernetes;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.template.Value;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Pods get what they need and take no more. */
final class Resources implements Rule {

  @Override
  public String id() {
    return "mlinfra::kubernetes.resources";
  }

  @Override
  public String requirement() {
    return "Every container requests processor time and limits its memory.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    for (Pod pod : Pods.wholeWorkloads(inspection)) {
      for (Container container : pod.containers()) {
        if (container.isEphemeral()) {
          continue;
        }
        say(
            pod,
            container,
            List.of("requests.cpu", "limits.cpu"),
            "is placed on nodes that have no time for it",
            outcomes);
        // Of what asks for an accelerator the GPU quartet says this.
        if (container.accelerators().isEmpty()) {
          say(
              pod,
              container,
              List.of("limits.memory"),
              "can take all memory of the node and bring its other pods down",
              outcomes);
        }
      }
    }
  }

  /** One of the amounts must be there, for the container or for the whole pod. */
  private static void say(
      Pod pod, Container container, List<String> amounts, String problem, Outcomes.Of outcomes) {
    Verdict verdict =
        amounts.stream()
            .map(it -> "resources." + it)
            .flatMap(it -> Stream.of(container.property(it), pod.property(it)))
            .map(Resources::stands)
            .min(Comparator.naturalOrder())
            .orElse(Verdict.VIOLATED);
    String path = "resources." + amounts.get(0);
    outcomes.decided(
        verdict,
        pod.resource(),
        container.at(path),
        container.property(path),
        problem,
        "set it to what the container needs");
  }

  /** Of an amount that is not known the name is; of resources that are not known nothing is. */
  private static Verdict stands(Value amount) {
    if (amount.isSymbolic()) {
      return Verdict.UNDECIDED;
    }
    return Decide.isAbsent(amount) ? Verdict.VIOLATED : Verdict.COMPLIANT;
  }
}
