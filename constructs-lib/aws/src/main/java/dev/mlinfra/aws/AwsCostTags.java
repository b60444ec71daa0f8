package dev.mlinfra.aws;

import dev.mlinfra.core.CostTags;
import software.amazon.awscdk.Tags;
import software.constructs.IConstruct;

/** Puts the cost tags on everything in a scope that can carry a tag: the one way to tag. */
public final class AwsCostTags {
  private final CostTags tags;

  private AwsCostTags(CostTags tags) {
    this.tags = tags;
  }

  /** The given tags, ready to be applied. */
  public static AwsCostTags of(CostTags tags) {
    return new AwsCostTags(tags);
  }

  /**
   * Tags everything in a scope, now or added later.
   *
   * @param scope usually a stack
   */
  public void applyTo(IConstruct scope) {
    tags.toMap().forEach((key, value) -> Tags.of(scope).add(key, value));
  }
}
