package dev.mlinfra.testkit;

import java.util.Collection;
import java.util.Comparator;

/** What a check says of one place. */
public enum Verdict {
  /** As it must be. */
  REACHED,
  /** Depends on what only the deployment knows. */
  UNDECIDED,
  /** Not as it must be. */
  MISSING;

  /** The worst of some; {@link #REACHED} for none. */
  static Verdict worst(Collection<Verdict> verdicts) {
    return verdicts.stream().max(Comparator.naturalOrder()).orElse(REACHED);
  }
}
