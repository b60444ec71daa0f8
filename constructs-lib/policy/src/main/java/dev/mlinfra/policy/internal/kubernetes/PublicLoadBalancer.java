package dev.mlinfra.policy.internal.kubernetes;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.template.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** What is open to the internet is open on purpose. */
final class PublicLoadBalancer implements Rule {
  private static final Map<String, String> INTERNAL =
      Map.of(
          "service.beta.kubernetes.io/aws-load-balancer-internal", "true",
          "service.beta.kubernetes.io/aws-load-balancer-scheme", "internal",
          "service.beta.kubernetes.io/azure-load-balancer-internal", "true",
          "networking.gke.io/load-balancer-type", "internal",
          "cloud.google.com/load-balancer-type", "internal");

  private static final List<String> RANGES =
      List.of(
          "service.beta.kubernetes.io/load-balancer-source-ranges",
          "service.beta.kubernetes.io/azure-allowed-ip-ranges");

  private static final String SCHEME = "service.beta.kubernetes.io/aws-load-balancer-scheme";
  private static final String AWS_TYPE = "service.beta.kubernetes.io/aws-load-balancer-type";

  /** Of the AWS Load Balancer Controller and of EKS itself: internal unless told otherwise. */
  private static final Set<String> INTERNAL_CLASSES =
      Set.of("service.k8s.aws/nlb", "eks.amazonaws.com/nlb");

  private static final Set<String> EVERYWHERE = Set.of("0.0.0.0/0", "::/0");

  @Override
  public String id() {
    return "mlinfra::kubernetes.public-load-balancer";
  }

  @Override
  public String requirement() {
    return "A Service of type LoadBalancer is internal, or names the addresses that may reach it.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    for (KubernetesObject service : KubernetesObjects.of(inspection, "core/Service")) {
      Value type = service.body().at("spec.type");
      if (Decide.isAbsent(type)
          || Decide.not(Decide.oneOf(type, "LoadBalancer")) == Verdict.COMPLIANT) {
        continue;
      }
      Verdict closed = Verdict.VIOLATED;
      for (Verdict way : List.of(isInternal(service), isLimited(service), byClass(service))) {
        closed = way.compareTo(closed) < 0 ? way : closed;
      }
      outcomes.decided(
          type.isSymbolic() && closed == Verdict.VIOLATED ? Verdict.UNDECIDED : closed,
          service.resource(),
          service.at("spec.type"),
          type,
          "is open to the whole internet",
          "use ClusterIP, the annotation of the cloud for internal ones, or"
              + " loadBalancerSourceRanges");
    }
  }

  private static Value annotation(KubernetesObject service, String name) {
    return service.body().at("metadata.annotations").entry(name);
  }

  private static Verdict isInternal(KubernetesObject service) {
    return INTERNAL.entrySet().stream()
        .map(
            wanted ->
                Decide.text(
                    annotation(service, wanted.getKey()), wanted.getValue()::equalsIgnoreCase))
        .min(Comparator.naturalOrder())
        .orElse(Verdict.VIOLATED);
  }

  private static Verdict isLimited(KubernetesObject service) {
    List<Value> ranges =
        new ArrayList<>(Decide.items(service.body().at("spec.loadBalancerSourceRanges")));
    RANGES.forEach(name -> ranges.addAll(Decide.items(annotation(service, name))));
    return ranges.isEmpty()
        ? Verdict.VIOLATED
        : Verdict.worst(ranges.stream().map(PublicLoadBalancer::isLimited).toList());
  }

  private static Verdict isLimited(Value ranges) {
    return Decide.text(
        ranges,
        it -> Stream.of(it.split(",", -1)).map(String::strip).noneMatch(EVERYWHERE::contains));
  }

  private static Verdict byClass(KubernetesObject service) {
    Value loadBalancer = service.body().at("spec.loadBalancerClass");
    Value type = annotation(service, AWS_TYPE);
    boolean internalByDefault =
        loadBalancer.asText().filter(INTERNAL_CLASSES::contains).isPresent()
            || type.asText().filter(Set.of("external", "nlb-ip")::contains).isPresent();
    if (internalByDefault) {
      return Decide.absentOr(annotation(service, SCHEME), "internal"::equals);
    }
    // What another class makes, only its controller knows.
    return Decide.isAbsent(loadBalancer) ? Verdict.VIOLATED : Verdict.UNDECIDED;
  }
}
