package dev.mlinfra.policy.internal.kubernetes;

import dev.mlinfra.template.Resource;
import java.util.Optional;

/**
 * Where an object stands.
 *
 * @param key equal for what stands in the same namespace; empty when that is not known
 * @param name its name, when known
 * @param resource what makes it, when it is in the model
 */
record Namespace(String key, Optional<String> name, Optional<Resource> resource) {
  boolean isKnown() {
    return !key.isEmpty();
  }

  /** How to name it to a person. */
  String label() {
    return name.or(() -> resource.map(Resource::label)).orElse("a namespace");
  }
}
