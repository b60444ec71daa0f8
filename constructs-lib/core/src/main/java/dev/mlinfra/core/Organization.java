package dev.mlinfra.core;

import java.util.Map;
import java.util.Optional;

/**
 * What an organisation demands of every account.
 *
 * @param permissionsBoundaryArn permissions boundary put on every role; empty: none
 * @param rolePath path of every role; default {@code /}
 * @param bootstrapQualifier qualifier of the CDK bootstrap stack; empty: the CDK's own
 * @param extraTags tags beside the six cost tags
 * @param partition AWS partition; default {@code aws}
 */
public record Organization(
    Optional<String> permissionsBoundaryArn,
    String rolePath,
    Optional<String> bootstrapQualifier,
    Map<String, String> extraTags,
    String partition) {

  public Organization {
    extraTags = Map.copyOf(extraTags);
  }
}
