package dev.mlinfra.policy.internal.kubernetes;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.template.Value;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;

/** What asks for an accelerator gets one, alone, and where it is meant to run. */
final class GpuQuartet implements Rule {
  private static final Pattern TAINT =
      Pattern.compile("(?i).*(gpu|nvidia|amd\\.com|neuron|tpu|habana|gaudi|accelerator).*");

  @Override
  public String id() {
    return "mlinfra::kubernetes.gpu-quartet";
  }

  @Override
  public String requirement() {
    return "What asks for an accelerator has its limit, a memory limit, a toleration and a"
        + " choice of nodes.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    for (Pod pod : Pods.wholeWorkloads(inspection)) {
      for (Container container : pod.containers()) {
        limits(pod, container, outcomes);
      }
      if (pod.isAccelerated()) {
        Value tolerations = pod.property("tolerations");
        outcomes.decided(
            tolerates(tolerations),
            pod.resource(),
            pod.at("tolerations"),
            tolerations,
            "tolerates no taint of nodes with accelerators, so it is never placed on them",
            "tolerate the taint of the nodes, such as nvidia.com/gpu with operator Exists");
        outcomes.decided(
            choosesNodes(pod),
            pod.resource(),
            pod.at("nodeSelector"),
            pod.property("nodeSelector"),
            "takes whichever accelerator is free, also the dearest",
            "name the kind of node in nodeSelector or in a required nodeAffinity");
      }
    }
  }

  private static void limits(Pod pod, Container container, Outcomes.Of outcomes) {
    Value resources = container.property("resources");
    if (resources.isSymbolic()) {
      outcomes.undecided(
          pod.resource(),
          container.at("resources"),
          resources,
          "is known only when deployed",
          "write down what it asks for");
    }
    for (String name : container.accelerators()) {
      Value limit = container.property("resources.limits").entry(name);
      outcomes.decided(
          limits(limit, container.property("resources.requests").entry(name)),
          pod.resource(),
          container.at("resources.limits[\"" + name + "\"]"),
          limit,
          "is not what it requests, which Kubernetes refuses: accelerators are not shared",
          "set the limit, and a request only if it is the same");
    }
    if (!container.accelerators().isEmpty()) {
      Value memory = container.property("resources.limits.memory");
      Value shared = pod.property("resources.limits.memory");
      outcomes.decided(
          Decide.present(Decide.isAbsent(memory) ? shared : memory),
          pod.resource(),
          container.at("resources.limits.memory"),
          memory,
          "can take all memory of the node and bring its other pods down",
          "set it to what the node can spare");
    }
  }

  private static Verdict limits(Value limit, Value request) {
    if (Decide.isAbsent(limit)) {
      return Verdict.VIOLATED;
    }
    return Decide.absentOr(
        request, it -> limit.isSymbolic() || limit.asText().equals(Optional.of(it)));
  }

  private static Verdict tolerates(Value tolerations) {
    return Decide.items(tolerations).stream()
        .map(GpuQuartet::toleratesAccelerators)
        .min(Comparator.naturalOrder())
        .orElse(Verdict.VIOLATED);
  }

  private static Verdict toleratesAccelerators(Value toleration) {
    if (toleration.isSymbolic()) {
      return Verdict.UNDECIDED;
    }
    Value key = toleration.entry("key");
    if (Decide.isAbsent(key)) {
      return Decide.oneOf(toleration.entry("operator"), "Exists");
    }
    Verdict byKey = Decide.text(key, it -> TAINT.matcher(it).matches());
    Verdict byValue = Decide.text(toleration.entry("value"), it -> TAINT.matcher(it).matches());
    return byKey.compareTo(byValue) <= 0 ? byKey : byValue;
  }

  private static Verdict choosesNodes(Pod pod) {
    Value affinity =
        pod.property("affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution");
    Value selector = pod.property("nodeSelector");
    if (selector.isSymbolic() || affinity.isSymbolic()) {
      return Verdict.UNDECIDED;
    }
    boolean chosen = !selector.asMap().isEmpty() || !affinity.asMap().isEmpty();
    return chosen ? Verdict.COMPLIANT : Verdict.VIOLATED;
  }
}
