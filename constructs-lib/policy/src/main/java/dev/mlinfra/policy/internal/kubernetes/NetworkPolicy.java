package dev.mlinfra.policy.internal.kubernetes;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Who may reach a workload is written down. */
final class NetworkPolicy implements Rule {
  private static final String FIX =
      "add a NetworkPolicy with an empty podSelector, policyTypes [Ingress] and no ingress";
  private static final List<String> OWN =
      List.of("networking.k8s.io/NetworkPolicy", "extensions/NetworkPolicy");
  private static final String KIND = "NetworkPolicy";

  @Override
  public String id() {
    return "mlinfra::kubernetes.network-policy";
  }

  @Override
  public String requirement() {
    return "Every namespace with workloads denies traffic to its pods that no"
        + " NetworkPolicy allows.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    Map<String, Pod> firsts = new LinkedHashMap<>();
    for (Pod pod : Pods.workloads(inspection)) {
      if (pod.namespace().isKnown()) {
        firsts.putIfAbsent(pod.namespace().key(), pod);
      } else {
        outcomes.undecided(
            pod.resource(),
            pod.owner().at("metadata.namespace"),
            pod.owner().body().at("metadata.namespace"),
            "is known only when deployed",
            FIX);
      }
    }
    Map<String, Verdict> denied = denied(inspection);
    firsts.forEach((key, pod) -> check(key, pod, denied, inspection, outcomes));
  }

  private static void check(
      String key,
      Pod pod,
      Map<String, Verdict> denied,
      Inspection inspection,
      Outcomes.Of outcomes) {
    Namespace namespace = pod.namespace();
    Resource resource = namespace.resource().orElse(pod.resource());
    String at = namespace.resource().isPresent() ? "" : pod.owner().at("metadata.namespace");
    String label = namespace.label();
    Verdict verdict = denied.getOrDefault(key, Verdict.VIOLATED);
    // A policy whose namespace is not known may be this one's.
    boolean another = denied.getOrDefault("", Verdict.VIOLATED) != Verdict.VIOLATED;
    if (verdict == Verdict.VIOLATED && another) {
      verdict = Verdict.UNDECIDED;
    }
    if (verdict == Verdict.COMPLIANT) {
      outcomes.compliant(resource, at);
    } else if (verdict == Verdict.UNDECIDED || hasOtherPolicies(inspection)) {
      outcomes.undecided(
          resource,
          at,
          new Value.Missing(),
          "who may reach the pods of " + label + " is known only when deployed",
          FIX);
    } else if (namespace.resource().isEmpty()) {
      outcomes.undecided(
          resource,
          at,
          new Value.Missing(),
          label + " is made elsewhere, and perhaps its policies too",
          FIX);
    } else {
      outcomes.violated(
          resource,
          at,
          new Value.Missing(),
          "everything in the cluster may reach the pods of " + label,
          FIX);
    }
  }

  /** By namespace, whether its policies deny what none allows; they add up, so one can open it. */
  private static Map<String, Verdict> denied(Inspection inspection) {
    Map<String, Verdict> found = new HashMap<>();
    Set<String> open = new HashSet<>();
    for (KubernetesObject policy : KubernetesObjects.of(inspection, OWN.toArray(new String[0]))) {
      String namespace = Namespaces.of(inspection, policy).key();
      Verdict isolates = isolates(policy.body().entry("spec"));
      if (isolates == Verdict.COMPLIANT && letsAllIn(policy.body().at("spec.ingress"))) {
        open.add(namespace);
      } else {
        found.merge(namespace, isolates, (one, other) -> Decide.best(List.of(one, other)));
      }
    }
    open.stream().filter(it -> !it.isEmpty()).forEach(it -> found.put(it, Verdict.VIOLATED));
    return found;
  }

  /** Whether a policy is for what comes in to all pods: then only what a policy allows comes in. */
  private static Verdict isolates(Value spec) {
    Value selector = spec.entry("podSelector");
    Value types = spec.entry("policyTypes");
    if (selector.isSymbolic() || types.isSymbolic() || spec.entry("ingress").isSymbolic()) {
      return Verdict.UNDECIDED;
    }
    boolean allPods =
        selector.entry("matchLabels").asMap().isEmpty()
            && selector.entry("matchExpressions").asList().isEmpty();
    boolean incoming =
        types.asList().isEmpty()
            || types.asList().stream()
                .anyMatch(it -> it.asText().filter("Ingress"::equals).isPresent());
    return allPods && incoming ? Verdict.COMPLIANT : Verdict.VIOLATED;
  }

  /** An entry without a source and without a port allows everything. */
  private static boolean letsAllIn(Value ingress) {
    return ingress.asList().stream()
        .anyMatch(it -> isEmptyList(it.entry("from")) && isEmptyList(it.entry("ports")));
  }

  private static boolean isEmptyList(Value value) {
    return !value.isSymbolic() && value.asList().isEmpty();
  }

  /** Policies of Cilium, Calico and of the cluster's admin say the same in other words. */
  private static boolean hasOtherPolicies(Inspection inspection) {
    return KubernetesObjects.kinds(inspection).stream()
        .anyMatch(kind -> kind.endsWith(KIND) && !OWN.contains(kind));
  }
}
