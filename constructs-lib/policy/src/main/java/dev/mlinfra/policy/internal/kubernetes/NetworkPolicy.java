package dev.mlinfra.policy.internal.kubernetes;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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

  /** By namespace, whether one of its policies denies what none allows. */
  private static Map<String, Verdict> denied(Inspection inspection) {
    Map<String, Verdict> found = new HashMap<>();
    for (KubernetesObject policy : KubernetesObjects.of(inspection, OWN.toArray(new String[0]))) {
      found.merge(
          Namespaces.of(inspection, policy).key(),
          denies(policy.body().entry("spec")),
          (one, other) -> one.compareTo(other) <= 0 ? one : other);
    }
    return found;
  }

  private static Verdict denies(Value spec) {
    if (spec.isSymbolic()) {
      return Verdict.UNDECIDED;
    }
    Value selector = spec.entry("podSelector");
    Value types = spec.entry("policyTypes");
    Value ingress = spec.entry("ingress");
    if (selector.isSymbolic() || types.isSymbolic() || ingress.isSymbolic()) {
      return Verdict.UNDECIDED;
    }
    boolean allPods =
        selector.entry("matchLabels").asMap().isEmpty()
            && selector.entry("matchExpressions").asList().isEmpty();
    boolean incoming =
        types.asList().isEmpty()
            || types.asList().stream()
                .anyMatch(it -> it.asText().filter("Ingress"::equals).isPresent());
    boolean open =
        ingress.asList().stream().anyMatch(it -> !it.isSymbolic() && it.asMap().isEmpty());
    return allPods && incoming && !open ? Verdict.COMPLIANT : Verdict.VIOLATED;
  }

  /** Policies of Cilium, Calico and of the cluster's admin say the same in other words. */
  private static boolean hasOtherPolicies(Inspection inspection) {
    return KubernetesObjects.kinds(inspection).stream()
        .anyMatch(kind -> kind.endsWith(KIND) && !OWN.contains(kind));
  }
}
