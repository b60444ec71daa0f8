package dev.mlinfra.template.internal;

import dev.mlinfra.template.ResourceId;
import java.util.Optional;

/**
 * What is known of a stack before its template is read.
 *
 * @param id its id in the model
 * @param file its file as the user named it
 */
record Names(
    String id,
    String file,
    Optional<String> name,
    Optional<String> account,
    Optional<String> region,
    Optional<ResourceId> nestedIn) {

  /** A template that stands alone. */
  static Names alone(String id, String file) {
    return new Names(
        id, file, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }
}
