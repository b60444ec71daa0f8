package dev.mlinfra.policy.internal.clouds;

import dev.mlinfra.policy.internal.Rule;
import java.util.List;

/** The family {@code clouds}: the rules for other clouds. */
public final class CloudRules {
  public static final List<Rule> ALL = List.of();

  private CloudRules() {}
}
