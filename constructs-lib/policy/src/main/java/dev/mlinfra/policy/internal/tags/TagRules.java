package dev.mlinfra.policy.internal.tags;

import dev.mlinfra.policy.internal.Rule;
import java.util.List;

/** The family {@code tags}: cost tags. */
public final class TagRules {
  public static final List<Rule> ALL = List.of(new Missing(), new Propagation());

  private TagRules() {}
}
