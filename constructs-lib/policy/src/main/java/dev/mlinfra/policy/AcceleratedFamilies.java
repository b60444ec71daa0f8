package dev.mlinfra.policy;

import dev.mlinfra.policy.internal.AcceleratedTypes;
import java.util.SortedSet;
import java.util.TreeSet;

/** The families of EC2 instance types that have an accelerator, such as {@code g5}. */
public final class AcceleratedFamilies {
  private AcceleratedFamilies() {}

  /** All of them, in order. */
  public static SortedSet<String> all() {
    return new TreeSet<>(AcceleratedTypes.families());
  }
}
