package dev.mlinfra.policy.internal.kubernetes;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.template.Value;
import java.util.Optional;

/** Only what speaks with the cluster has a key to it. */
final class TokenMount implements Rule {
  private static final String SETTING = "automountServiceAccountToken";
  private static final String FIX =
      "set it to false, or bind a role to the service account if the pod uses the cluster's API";

  @Override
  public String id() {
    return "mlinfra::kubernetes.token-mount";
  }

  @Override
  public String requirement() {
    return "A pod mounts the token of its service account only where that may do something.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    for (Pod pod : Pods.wholeWorkloads(inspection)) {
      check(pod, ServiceAccounts.of(inspection), outcomes);
    }
  }

  private static void check(Pod pod, ServiceAccounts accounts, Outcomes.Of outcomes) {
    Value name = ServiceAccounts.nameIn(pod);
    String account = name.asText().orElse(ServiceAccounts.DEFAULT);
    Optional<KubernetesObject> made = accounts.get(pod.namespace(), account);
    Value own = pod.property(SETTING);
    Value given = Decide.isAbsent(own) && made.isPresent() ? made.get().body().entry(SETTING) : own;
    Verdict unmounted = Decide.oneOf(given, "false");
    if (unmounted == Verdict.COMPLIANT) {
      outcomes.compliant(pod.resource(), pod.at(SETTING));
    } else if (unmounted == Verdict.UNDECIDED || name.isSymbolic() || !pod.namespace().isKnown()) {
      undecided(pod, given, "whether the pod needs it is known only when deployed", outcomes);
    } else if (accounts.mayDoSomething(pod.namespace(), account)) {
      outcomes.compliant(pod.resource(), pod.at(SETTING));
    } else if (accounts.anyMayBeBound()) {
      undecided(pod, given, "whether the pod needs it is known only when deployed", outcomes);
    } else if (made.isEmpty() && !account.equals(ServiceAccounts.DEFAULT)) {
      undecided(pod, given, account + " is made elsewhere, and perhaps bound to a role", outcomes);
    } else {
      outcomes.violated(
          pod.resource(),
          pod.at(SETTING),
          given,
          "mounts a token of the cluster that the pod has no use for",
          FIX);
    }
  }

  private static void undecided(Pod pod, Value given, String problem, Outcomes.Of outcomes) {
    outcomes.undecided(pod.resource(), pod.at(SETTING), given, problem, FIX);
  }
}
