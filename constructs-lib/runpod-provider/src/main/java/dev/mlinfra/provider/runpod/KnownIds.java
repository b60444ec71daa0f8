package dev.mlinfra.provider.runpod;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * What the engine's state has, as far as the engine told it: what is not here may be what an
 * earlier attempt left.
 */
final class KnownIds {
  private final ConcurrentMap<String, Set<String>> ids = new ConcurrentHashMap<>();
  private final Set<String> takenOver = ConcurrentHashMap.newKeySet();

  /** The state has this resource. */
  void add(String urn, String id) {
    ids.computeIfAbsent(urn, one -> ConcurrentHashMap.newKeySet()).add(id);
  }

  Set<String> of(String urn) {
    return ids.getOrDefault(urn, Set.of());
  }

  /** This resource was there before, and the engine was told that it was made. */
  void addTakenOver(String id) {
    takenOver.add(id);
  }

  boolean isTakenOver(String id) {
    return takenOver.contains(id);
  }
}
