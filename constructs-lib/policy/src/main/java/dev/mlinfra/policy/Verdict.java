package dev.mlinfra.policy;

import java.util.Collection;
import java.util.Comparator;

/** What a rule says of one place; the later the worse. */
public enum Verdict {
  /** As it must be. */
  COMPLIANT,
  /** Depends on what only the deployment knows. */
  UNDECIDED,
  /** Not as it must be. */
  VIOLATED;

  /** The worst of some; {@link #COMPLIANT} for none. */
  public static Verdict worst(Collection<Verdict> verdicts) {
    return verdicts.stream().max(Comparator.naturalOrder()).orElse(COMPLIANT);
  }
}
