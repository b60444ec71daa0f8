package dev.mlinfra.policy.internal.kubernetes;

import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.template.Value;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The service accounts of a model, and which of them may do something. */
final class ServiceAccounts {
  /** The account of pods that name none. */
  static final String DEFAULT = "default";

  /** How an account is tied to an identity of a cloud. */
  private static final List<String> IDENTITIES =
      List.of(
          "eks.amazonaws.com/role-arn",
          "iam.gke.io/gcp-service-account",
          "azure.workload.identity/client-id");

  private final Map<String, KubernetesObject> byKey = new HashMap<>();
  private final Set<String> bound = new HashSet<>();
  private boolean anyMayBeBound;

  private ServiceAccounts(Inspection inspection) {
    for (KubernetesObject account : KubernetesObjects.of(inspection, "core/ServiceAccount")) {
      account
          .body()
          .at("metadata.name")
          .asText()
          .ifPresent(name -> byKey.put(key(Namespaces.of(inspection, account), name), account));
    }
    for (KubernetesObject binding :
        KubernetesObjects.of(
            inspection,
            "rbac.authorization.k8s.io/RoleBinding",
            "rbac.authorization.k8s.io/ClusterRoleBinding")) {
      bind(inspection, binding);
    }
  }

  static ServiceAccounts of(Inspection inspection) {
    return inspection.prepared(ServiceAccounts.class, ServiceAccounts::new);
  }

  /** The name in a pod; the older field is an alias. */
  static Value nameIn(Pod pod) {
    Value name = pod.property("serviceAccountName");
    return Decide.isAbsent(name) ? pod.property("serviceAccount") : name;
  }

  /** The account of a name in a namespace, if the model makes it. */
  Optional<KubernetesObject> get(Namespace namespace, String name) {
    return Optional.ofNullable(byKey.get(key(namespace, name)));
  }

  /** Whether a binding of the model, or an annotation for a cloud, lets the account do anything. */
  boolean mayDoSomething(Namespace namespace, String name) {
    return bound.contains(key(namespace, name))
        || get(namespace, name)
            .map(account -> account.body().at("metadata.annotations").asMap().keySet())
            .filter(annotations -> IDENTITIES.stream().anyMatch(annotations::contains))
            .isPresent();
  }

  /** Whether a binding of the model is for an account that is known only when deployed. */
  boolean anyMayBeBound() {
    return anyMayBeBound;
  }

  private void bind(Inspection inspection, KubernetesObject binding) {
    for (Value subject : Decide.items(binding.body().entry("subjects"))) {
      Value kind = subject.entry("kind");
      Value name = subject.entry("name");
      Value namespace = subject.entry("namespace");
      if (kind.isSymbolic() || name.isSymbolic() || namespace.isSymbolic()) {
        anyMayBeBound = true;
      } else if (kind.asText().filter("ServiceAccount"::equals).isPresent()) {
        Namespace of =
            namespace
                .asText()
                .map(it -> Namespaces.named(inspection, binding, it))
                .orElseGet(() -> Namespaces.of(inspection, binding));
        name.asText().ifPresent(it -> bound.add(key(of, it)));
      }
    }
  }

  private static String key(Namespace namespace, String name) {
    return namespace.key() + ":" + name;
  }
}
