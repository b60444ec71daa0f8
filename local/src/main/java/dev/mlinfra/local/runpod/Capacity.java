package dev.mlinfra.local.runpod;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Where machines are free: everywhere, but for what was taken away. */
public final class Capacity {
  private static final String ANY = "*";

  private final Set<String> taken = ConcurrentHashMap.newKeySet();

  Capacity() {}

  /**
   * Leaves no machine of a type in a data center.
   *
   * @param machine the id of a GPU or CPU type, such as {@code NVIDIA L4}; {@code *} for all
   * @param dataCenter its id; {@code *} for all
   */
  public void take(String machine, String dataCenter) {
    taken.add(key(machine, dataCenter));
  }

  /** Makes all machines free again. */
  public void restore() {
    taken.clear();
  }

  boolean has(String machine, String dataCenter) {
    return !taken.contains(key(machine, dataCenter))
        && !taken.contains(key(machine, ANY))
        && !taken.contains(key(ANY, dataCenter))
        && !taken.contains(key(ANY, ANY));
  }

  private static String key(String machine, String dataCenter) {
    return machine + " in " + dataCenter;
  }
}
