package dev.mlinfra.policy.internal.data;

import dev.mlinfra.policy.internal.Rule;
import java.util.List;

/** The family {@code data}: what is stored: not public, encrypted, no secret in clear. */
public final class DataRules {
  public static final List<Rule> ALL =
      List.of(new PublicBucket(), new Encryption(), new PlainSecret(), new OutputSecret());

  private DataRules() {}
}
