package dev.mlinfra.policy.internal.kubernetes;

import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.template.Value;

/** Each workload has an identity of its own. */
final class DefaultServiceAccount implements Rule {

  @Override
  public String id() {
    return "mlinfra::kubernetes.default-service-account";
  }

  @Override
  public String requirement() {
    return "Every pod names a service account of its own, not the default one of its namespace.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    for (Pod pod : Pods.wholeWorkloads(inspection)) {
      Value given = ServiceAccounts.nameIn(pod);
      outcomes.decided(
          Decide.text(given, it -> !it.isEmpty() && !it.equals(ServiceAccounts.DEFAULT)),
          pod.resource(),
          pod.at("serviceAccountName"),
          given,
          "shares its identity with every pod of the namespace that names none",
          "make a ServiceAccount for the workload and name it");
    }
  }
}
