package dev.mlinfra.policy.internal.kubernetes;

import dev.mlinfra.policy.internal.Rule;
import java.util.List;

/** The family {@code kubernetes}: what runs on Kubernetes. */
public final class KubernetesRules {
  public static final List<Rule> ALL = List.of();

  private KubernetesRules() {}
}
