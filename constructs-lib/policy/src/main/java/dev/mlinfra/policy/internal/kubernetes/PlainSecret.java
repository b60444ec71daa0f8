package dev.mlinfra.policy.internal.kubernetes;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.policy.internal.Secrets;
import dev.mlinfra.template.Value;
import java.util.List;

/** Secrets are neither in specifications nor in the open part of a state. */
final class PlainSecret implements Rule {

  @Override
  public String id() {
    return "mlinfra::kubernetes.plain-secret";
  }

  @Override
  public String requirement() {
    return "Secrets are Pulumi secrets, and pods get them by reference.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    for (Pod pod : Pods.all(inspection)) {
      for (Container container : pod.containers()) {
        environment(pod, container, outcomes);
      }
    }
    for (KubernetesObject secret : KubernetesObjects.of(inspection, "core/Secret")) {
      for (String part : List.of("data", "stringData")) {
        entries(secret, part, true, outcomes);
      }
    }
    for (KubernetesObject settings : KubernetesObjects.of(inspection, "core/ConfigMap")) {
      entries(settings, "data", false, outcomes);
    }
  }

  /** What is given is never shown: it may be the secret. */
  private static void environment(Pod pod, Container container, Outcomes.Of outcomes) {
    List<Value> variables = container.property("env").asList();
    for (int i = 0; i < variables.size(); i++) {
      Value variable = variables.get(i);
      String at = container.at("env[" + i + "].value");
      if (variable.entry("name").asText().filter(Secrets::isName).isPresent()) {
        Secrets.kept(variable.entry("value"))
            .ifPresent(
                verdict ->
                    outcomes.say(
                        // A secret of Pulumi is shown to whoever may read pods.
                        variable.entry("value") instanceof Value.Secret
                            ? Verdict.VIOLATED
                            : verdict,
                        pod.resource(),
                        at,
                        new Value.Missing(),
                        verdict == Verdict.UNDECIDED
                            ? "may show a secret to everyone who may read pods"
                            : "shows a secret to everyone who may read pods",
                        "put it in a Secret and name that in valueFrom.secretKeyRef"));
      }
    }
  }

  private static void entries(
      KubernetesObject object, String part, boolean all, Outcomes.Of outcomes) {
    object
        .body()
        .entry(part)
        .asMap()
        .forEach(
            (name, value) -> {
              if (all || Secrets.isName(name)) {
                Secrets.kept(value)
                    .ifPresent(
                        verdict ->
                            outcomes.say(
                                verdict,
                                object.resource(),
                                object.at(part + "[\"" + name + "\"]"),
                                new Value.Missing(),
                                verdict == Verdict.UNDECIDED
                                    ? "may stand in clear in the state"
                                    : "stands in clear in the state",
                                all
                                    ? "make it a secret of Pulumi: Output.ofSecret or requireSecret"
                                    : "put it in a Secret, and make it a secret of Pulumi"));
              }
            });
  }
}
