package dev.mlinfra.policy.internal.network;

import dev.mlinfra.policy.internal.Rule;
import java.util.List;

/** The family {@code network}: what is reached and what can be reached. */
public final class NetworkRules {
  public static final List<Rule> ALL = List.of();

  private NetworkRules() {}
}
