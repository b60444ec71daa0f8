package dev.mlinfra.provider.runpod;

import java.util.Map;

/** Whether a change needs another resource. */
final class Replacement {
  private Replacement() {}

  /** By the schema's marks, or by the rules of the kind. */
  static boolean needed(Kind kind, Change change, Map<String, Object> state) {
    if (kind.isTakenOver(change)) {
      return false;
    }
    PackageSchema.Property property =
        PackageSchema.get().inputs(kind.name()).properties().get(change.property());
    return (property != null && property.replaces()) || kind.replaces(change, state);
  }
}
